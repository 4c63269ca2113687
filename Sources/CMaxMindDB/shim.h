#pragma once
#include <maxminddb.h>

// The keys of MMDB_aget_value are an array that ends with NULL: here they are two or three.

static inline int swiftlet_geo_value(MMDB_entry_s *entry, MMDB_entry_data_s *value,
                                     const char *first, const char *second, const char *third) {
  const char *const keys[] = {first, second, third, NULL};
  return MMDB_aget_value(entry, value, keys);
}
