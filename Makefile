# Two commands matter: `make run` and `make test`. `make help` lists the rest.

SWIFT ?= swift
# An import that Package.swift does not declare is an error.
BUILD_FLAGS = --explicit-target-dependency-import-check error
# One test or one class of them: make test FILTER=JSONTests
FILTER ?=

# One row of the bench: make bench ROW=redirect-hot
ROW ?=

# Drills by name, or a part's name for all of its own: make drill DRILL=relay,random SEED=7; DRILL=list
# prints them with their claims. With AS_SHIPPED=1 by production's settings; DRILL=shipped are those that
# show something then.
DRILL ?= all
SEED ?=
# How many scenarios `random` plays, the first with SEED, the next with SEED + 1, …
SCENARIOS ?= 10
# How many times over each drill does its harm
TIMES ?= 1
# SEAM=1 puts each drill across the seam: its consumer takes over from the tables of the release before,
# and the carry copies their clicks meanwhile. Drills of the part seam go there anyway.

# What makes the drills' stack different: small journals, messages and batches, so that a short run
# meets many of their ends.
DRILL_SETTINGS = JOURNAL_SEGMENT_BYTES=65536 JOURNAL_MAX_BYTES=$${JOURNAL_MAX_BYTES:-4194304} RELAY_MESSAGE_BYTES=12288 \
  BATCH_MAX_MS=200 SHORTENER_WORKERS=4 LIMIT_CONNECTIONS=64

export PORT VAR SEED SCENARIOS TIMES SEAM CASES

.PHONY: help run build test install uninstall deb deb-test settings openapi screenshots drill schemathesis ids lint bench locust fuzz clean

help:
	@echo 'make run     installs what is missing, builds, serves at http://localhost:$${PORT:-8080} until Ctrl-C'
	@echo 'make test    the same on engines of its own, with every test (FILTER=Name for some)'
	@echo 'make drill   faults under load, and every click accounted for (DRILL=name SEED=n TIMES=n SEAM=1; DRILL=list)'
	@echo 'make build   the programs, optimized, in .build/release'
	@echo 'make deb     the Debian package, .build/swiftlet_VERSION_ARCH.deb (DEB_VERSION=x for another version)'
	@echo 'make deb-test  the package in a Debian of its own: installed, upgraded under load, removed, purged (root)'
	@echo 'make install   an installation without the package (DESTDIR=directory PREFIX=/usr); make uninstall'
	@echo 'make bench   what it reaches beside references of the same minutes (ROW=name for one row)'
	@echo 'make locust  users of three kinds on Locust, with its page (USERS=100 SECONDS=60: without, for so long)'
	@echo 'make fuzz    random bytes against every parser of bytes from outside (SECONDS=60 for each)'
	@echo 'make schemathesis   made-up requests by the API description, every answer a described one (CASES=n)'
	@echo 'make ids     no id is made twice, whatever clocks, leases and stores do (COUNT=50000000)'
	@echo 'make settings   sample.env and the tables of the handbooks, from the declarations in Sources/Service/Settings'
	@echo 'make openapi   nginx-config/docs/openapi.json, from the operations'
	@echo 'make screenshots   the pictures of the dashboard in the README'
	@echo 'make lint    the style of Swift and shell sources'
	@echo 'make clean   removes what was built; the data in $${VAR:-var} stays'
	@echo 'PORT and VAR choose port and data directory, so that two copies run side by side.'

run:
	supervisor/stack install
	$(MAKE) build
	exec supervisor/stack run

# With Swift's own libraries inside, the programs run on machines that have no Swift.
build:
	$(SWIFT) build -c release --static-swift-stdlib $(BUILD_FLAGS)

# All files of an installation, as the package has them.
DESTDIR ?=
PREFIX ?= /usr

install:
	supervisor/stack install
	$(MAKE) build
	supervisor/stack lay-out '$(DESTDIR)' '$(PREFIX)'

uninstall:
	supervisor/stack take-away '$(DESTDIR)' '$(PREFIX)'

deb:
	supervisor/stack install
	supervisor/stack install-deb
	$(MAKE) build
	supervisor/stack deb

# .build-debroot keeps the Debian that the package is installed in. REQUESTS=n for a longer load.
deb-test: deb
	Tests/Package/containers
	Tests/Package/run "$$(ls -t .build/swiftlet_*.deb | head -n 1)"

test:
	supervisor/stack install
	supervisor/stack install-tests
	$(MAKE) lint
	$(SWIFT) build --build-tests $(BUILD_FLAGS)
	SWIFTLET_BIN="$$($(SWIFT) build --show-bin-path)" CHDB_PYTHON="$(CURDIR)/.build-chdb/bin/python" \
	  SHLINK_CLIENTS="$(CURDIR)/.build-clients" SWIFT='$(SWIFT)' Tests/suite '$(FILTER)'
	$(if $(FILTER),,$(MAKE) deb-test)
	$(if $(FILTER),,$(call drills,short))
	$(if $(FILTER),,$(call as_shipped,shipped-short))

# Drills need strace; those of a full disk need root. HARM_SECONDS=180 makes freezes, cuts and slow
# networks longer (with journals that hold as much: JOURNAL_MAX_BYTES=100000000), SLOW_SECONDS=120
# the attack of redirects-survive-slow-clients. A name that no drill has fails before a stack is started.
drill:
	supervisor/stack install
	$(SWIFT) build $(BUILD_FLAGS)
	@$(drill_program) --list $(if $(filter list,$(DRILL)),,$(DRILL) >/dev/null)
	$(if $(filter list,$(DRILL)),,$(call drills,$(DRILL)))

drill_program = "$$($(SWIFT) build --show-bin-path)/drill"
drills = $(if $(filter 1,$(AS_SHIPPED)),$(as_shipped),$(DRILL_SETTINGS) $(beside_a_stack))
as_shipped = AS_SHIPPED=1 $(beside_a_stack)
beside_a_stack = SWIFTLET_BIN="$$($(SWIFT) build --show-bin-path)" supervisor/stack with $(drill_program) $(1)

# sample.env and the tables of settings, between their marks in the handbooks, from the declarations.
between_marks = sed -i -e '/^<!-- settings:/,/^<!-- end of settings/{/^<!--/!d}' -e '/^<!-- settings:/r $(1)' $(2)

settings:
	$(SWIFT) build --product swiftlet $(BUILD_FLAGS)
	.build/debug/swiftlet settings --sample >.build/sample.env && mv .build/sample.env sample.env
	.build/debug/swiftlet settings --table >.build/settings.md
	.build/debug/swiftlet settings --handbook >.build/handbook.md
	$(call between_marks,.build/settings.md,README.md)
	$(call between_marks,.build/handbook.md,supervisor/README.md)

# The API's description, from the operations.
openapi:
	$(SWIFT) build --product swiftlet $(BUILD_FLAGS)
	.build/debug/swiftlet openapi >.build/openapi.json && mv .build/openapi.json nginx-config/docs/openapi.json

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift
	@if command -v shellcheck >/dev/null; then grep -rlE '^#!.*sh$$' supervisor .ci Tests | xargs shellcheck -xa; fi

# The README's pictures of the dashboard, of links and clicks that are made for them.
screenshots:
	supervisor/stack install
	supervisor/stack install-tests
	$(SWIFT) build $(BUILD_FLAGS)
	SWIFTLET_BIN="$$($(SWIFT) build --show-bin-path)" supervisor/stack with /usr/bin/python3 -I \
	  nginx-config/dashboard/screenshots.py nginx-config/dashboard/pictures

# CASES for each operation (2600 make more than 10 000 in all) and SEED choose the run.
schemathesis:
	supervisor/stack install
	supervisor/stack install-schemathesis
	$(SWIFT) build $(BUILD_FLAGS)
	SWIFTLET_BIN="$$($(SWIFT) build --show-bin-path)" \
	  SCHEMATHESIS="$(CURDIR)/.build-schemathesis/bin/schemathesis" \
	  supervisor/stack with Tests/Schemathesis/run

# Eight processes make COUNT ids through every fault of clocks, leases and stores. ID_LEASE_SECONDS and
# ID_STOP_SECONDS make it shorter; about 160 000 ids a second are made, on purpose no more.
COUNT ?= 50000000

ids:
	supervisor/stack install
	$(SWIFT) build --build-tests $(BUILD_FLAGS)
	$(SWIFT) build -c release --product idmaker $(BUILD_FLAGS)
	SWIFTLET_BIN="$$($(SWIFT) build --show-bin-path)" IDMAKER="$(CURDIR)/.build/release/idmaker" \
	  ID_COUNT=$(COUNT) ID_BATCH=$${ID_BATCH:-1000} ID_LEASE_SECONDS=$${ID_LEASE_SECONDS:-60} \
	  ID_STOP_SECONDS=$${ID_STOP_SECONDS:-120} supervisor/stack with \
	  $(SWIFT) test --skip-build --disable-swift-testing --filter IDFaultTests

# The references are C; the stack is private, has the default workers, and counts its clients'
# connections as in production, to a number that the bench stays below.
bench:
	supervisor/stack install
	supervisor/stack install-tests
	supervisor/stack install-bench
	$(MAKE) build .build-bench/responder .build-bench/creator .build-bench/openloop .build-bench/broker
	LIMIT_CONNECTIONS=1000 HOT_CACHE_MS=$${HOT_CACHE_MS:-30000} \
	  SWIFTLET_BIN="$(CURDIR)/.build/release" BENCH_BUILD="$(CURDIR)/.build-bench" supervisor/stack with Tests/Bench/bench.py $(ROW)

# Without USERS until Ctrl-C.
locust:
	supervisor/stack install
	supervisor/stack install-locust
	$(MAKE) build
	USERS="$(USERS)" SECONDS="$(SECONDS)" LOCUST="$(CURDIR)/.build-locust/bin/locust" \
	  SWIFTLET_BIN="$(CURDIR)/.build/release" supervisor/stack with Tests/Bench/start_locust.py

.build-bench/responder: LDLIBS = -lfcgi
.build-bench/creator: LDLIBS = -lfcgi -lpq
.build-bench/creator: CPPFLAGS = -I$(shell pg_config --includedir)
.build-bench/broker: LDLIBS = -lrabbitmq
.build-bench/%: Tests/Bench/%.c
	@mkdir -p .build-bench
	$(CC) $(CPPFLAGS) -std=gnu11 -O2 -Wall -Wextra -Werror -o $@ $< $(LDLIBS)

# A crash leaves the bytes that brought it about in .build-fuzz/crash-*.
FUZZ_TARGETS ?= url json line click dotenv message log cursors address rows target record input rules agent pattern key qrcode
SECONDS ?= 60

fuzz:
	SWIFTLET_FUZZ=1 $(SWIFT) build -c release --sanitize=fuzzer --scratch-path .build-fuzz --product fuzz
	@for target in $(FUZZ_TARGETS); do \
	  mkdir -p .build-fuzz/corpus/$$target && echo "fuzzing $$target for $(SECONDS) s" && \
	  SWIFT_BACKTRACE=enable=no FUZZ_TARGET=$$target .build-fuzz/release/fuzz -max_total_time=$(SECONDS) -timeout=1 -max_len=10000 \
	    -rss_limit_mb=512 -print_final_stats=1 -verbosity=0 -artifact_prefix=.build-fuzz/crash-$$target- \
	    .build-fuzz/corpus/$$target Tests/Fuzz/seeds/$$target || exit 1; \
	done

clean:
	rm -rf .build .build-*
