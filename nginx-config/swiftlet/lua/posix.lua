-- The C library's calls that the fast path needs, by LuaJIT's FFI, for 64-bit Linux.
--
-- Files are examined with statx(2), whose structure is the same on every architecture. A failing
-- call returns nil and the reason.

local ffi = require("ffi")
local bit = require("bit")

ffi.cdef [[
  int open(const char *path, int flags, ...);
  int close(int fd);
  ssize_t write(int fd, const void *bytes, size_t count);
  int ftruncate(int fd, int64_t length);
  int fchmod(int fd, unsigned int mode);
  int flock(int fd, int operation);
  int unlink(const char *path);
  void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset);
  int munmap(void *address, size_t length);
  ssize_t getrandom(void *bytes, size_t count, unsigned int flags);
  char *strerror(int number);

  struct swiftlet_statx {
    uint32_t mask, blksize;
    uint64_t attributes;
    uint32_t nlink, uid, gid;
    uint16_t mode, spare;
    uint64_t ino, size, blocks, attributes_mask;
    uint64_t times[8];
    uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
    uint64_t spares[14];
  };
  int statx(int directory, const char *path, int flags, unsigned int mask, struct swiftlet_statx *out);

  struct swiftlet_dirent {
    uint64_t ino;
    int64_t off;
    uint16_t reclen;
    uint8_t type;
    char name[256];
  };
  void *opendir(const char *path);
  struct swiftlet_dirent *readdir(void *stream);
  int closedir(void *stream);
  int dirfd(void *stream);

  struct swiftlet_addrinfo {
    int flags, family, socktype, protocol;
    uint32_t addrlen;
    void *addr;
    char *canonname;
    struct swiftlet_addrinfo *next;
  };
  int getaddrinfo(const char *, const char *, const void *, struct swiftlet_addrinfo **);
  void freeaddrinfo(struct swiftlet_addrinfo *);
  int getnameinfo(const void *, uint32_t, char *, uint32_t, char *, uint32_t, int);
]]

local C = ffi.C
local AT_FDCWD, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH = -100, 0x100, 0x1000
local STATX_TYPE, STATX_NLINK, STATX_INO, STATX_SIZE = 0x1, 0x4, 0x100, 0x200
local TYPE_MASK, REGULAR = 0xF000, 0x8000
local O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_CLOEXEC = 0x1, 0x40, 0x80, 0x400, 0x80000
local O_RDONLY, O_NONBLOCK = 0, 0x800
local O_NOFOLLOW = ffi.arch == "arm64" and 0x8000 or 0x20000
local PROT_READ, MAP_SHARED, MAP_POPULATE = 1, 1, 0x8000
local LOCK_EX, LOCK_NB = 2, 4
local NI_NUMERICHOST = 1
local FILE_MODE = 0x1A0 -- 0640: the directory's group reads what nginx's user wrote.

local posix = {}

-- Returns the system's message for the last failed call.
function posix.reason()
  return ffi.string(C.strerror(ffi.errno()))
end

-- Creates a new file for appending; returns its descriptor.
function posix.create(path)
  local flags = bit.bor(O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_CLOEXEC)
  local fd = C.open(path, flags, ffi.cast("unsigned int", FILE_MODE))
  if fd < 0 then
    return nil, posix.reason()
  end
  C.fchmod(fd, FILE_MODE) -- Whatever nginx's umask is.
  return fd
end

-- Takes the lock that tells the relay that a writer lives.
function posix.lock(fd)
  return C.flock(fd, bit.bor(LOCK_EX, LOCK_NB)) == 0
end

local named, opened = ffi.new("struct swiftlet_statx"), ffi.new("struct swiftlet_statx")

-- Returns whether a path refers to the open file.
function posix.is_in_place(path, fd)
  local mask = bit.bor(STATX_NLINK, STATX_INO)
  return C.statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, mask, named) == 0
    and C.statx(fd, "", AT_EMPTY_PATH, mask, opened) == 0
    and opened.nlink > 0
    and named.ino == opened.ino
    and named.dev_major == opened.dev_major
    and named.dev_minor == opened.dev_minor
end

-- Maps a regular file of this length for reading; returns its address. It never waits, and follows
-- no symbolic link.
function posix.map(path, size)
  local fd = C.open(path, bit.bor(O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_CLOEXEC))
  if fd < 0 then
    return nil, posix.reason()
  end
  local address, reason
  if C.statx(fd, "", AT_EMPTY_PATH, bit.bor(STATX_TYPE, STATX_SIZE), opened) ~= 0 then
    reason = posix.reason()
  elseif bit.band(opened.mode, TYPE_MASK) ~= REGULAR or opened.size ~= size then
    reason = "it is not a file of " .. size .. " bytes"
  else
    address = C.mmap(nil, size, PROT_READ, bit.bor(MAP_SHARED, MAP_POPULATE), fd, 0)
    if ffi.cast("intptr_t", address) == -1 then -- MAP_FAILED
      address, reason = nil, posix.reason()
    end
  end
  C.close(fd)
  return address, reason
end

function posix.unmap(address, size)
  C.munmap(ffi.cast("void *", address), size)
end

local JOURNAL = "^" .. ("[0-9a-f]"):rep(16) .. "%.ndjson$"

-- Returns the bytes of a journal by name; 0 for symbolic links, FIFOs and the like.
local function bytes_of(directory, name)
  local mask = bit.bor(STATX_TYPE, STATX_NLINK, STATX_SIZE)
  if not name:find(JOURNAL) or C.statx(directory, name, AT_SYMLINK_NOFOLLOW, mask, named) ~= 0
    or bit.band(named.mode, TYPE_MASK) ~= REGULAR or named.nlink ~= 1
  then
    return 0
  end
  return tonumber(named.size)
end

-- Returns a walk through a directory of journals; nil when it can't be listed.
--
-- It is a function that reads at most so many entries. It returns the bytes of the journals among
-- them, and whether these were the last. After that it must not be called again.
function posix.walk(directory)
  local stream = C.opendir(directory)
  if stream == nil then
    return nil, posix.reason()
  end
  return function(entries)
    local sum = 0
    for _ = 1, entries do
      local entry = C.readdir(stream)
      if entry == nil then
        C.closedir(stream)
        return sum, true
      end
      sum = sum + bytes_of(C.dirfd(stream), ffi.string(entry.name))
    end
    return sum, false
  end
end

-- 64 random bits as 16 hexadecimal digits.
function posix.random_name()
  local bytes = ffi.new("uint8_t[8]")
  if C.getrandom(bytes, 8, 0) ~= 8 then
    return nil, posix.reason()
  end
  return (ffi.string(bytes, 8):gsub(".", function(byte)
    return ("%02x"):format(byte:byte())
  end))
end

-- Returns the first address of a host as numbers. It blocks: use it only at the start.
function posix.resolve(host)
  local found = ffi.new("struct swiftlet_addrinfo *[1]")
  if C.getaddrinfo(host, nil, nil, found) ~= 0 then
    return nil, "no address is known for " .. host
  end
  local text = ffi.new("char[64]")
  local code =
    C.getnameinfo(found[0].addr, found[0].addrlen, text, 64, nil, 0, NI_NUMERICHOST)
  C.freeaddrinfo(found[0])
  if code ~= 0 then
    return nil, "no address is known for " .. host
  end
  return ffi.string(text)
end

return posix
