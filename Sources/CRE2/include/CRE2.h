// A C view of RE2 (libre2), the only regular expression engine of Hookmail: matching takes time linear in the text.
#ifndef CRE2_H
#define CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern. It never changes after it was made, so threads may share it.
typedef struct cre2_pattern cre2_pattern;

/// Compiles `length` bytes of UTF-8. `memory_bytes_max` bounds the compiled program and its automata.
/// Returns NULL only when memory is exhausted; ask cre2_error() whether the pattern is usable.
cre2_pattern *_Nullable cre2_compile(const char *_Nonnull bytes, size_t length, int64_t memory_bytes_max);

/// What is wrong with the pattern as a NUL-terminated text that lives as long as the pattern, or NULL.
const char *_Nullable cre2_error(const cre2_pattern *_Nonnull pattern);

/// Whether the pattern matches anywhere in `length` bytes of UTF-8. False for a pattern with an error.
bool cre2_matches(const cre2_pattern *_Nonnull pattern, const char *_Nonnull bytes, size_t length);

/// Finds the first match that begins at byte `start` or later, and says from which byte to which it goes. False where there
/// is none, and for a pattern with an error.
bool cre2_find(
    const cre2_pattern *_Nonnull pattern, const char *_Nonnull bytes, size_t length, size_t start,
    size_t *_Nonnull match_start, size_t *_Nonnull match_end);

/// Frees a pattern. It must not be used any more.
void cre2_free(cre2_pattern *_Nonnull pattern);

#ifdef __cplusplus
}
#endif

#endif
