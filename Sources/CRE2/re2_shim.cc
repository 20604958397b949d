// The C functions of CRE2.h over libre2. No exception leaves this file: a C caller could not catch it.
#include "CRE2.h"

#include <re2/re2.h>

#include <new>
#include <string>

struct cre2_pattern {
    RE2 expression;
    std::string error;

    cre2_pattern(const re2::StringPiece &text, const RE2::Options &options) : expression(text, options) {
        if (!expression.ok()) error = expression.error();
    }
};

extern "C" {

cre2_pattern *cre2_compile(const char *bytes, size_t length, int64_t memory_bytes_max) {
    try {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(memory_bytes_max);
        options.set_never_capture(true);
        return new cre2_pattern(re2::StringPiece(bytes, length), options);
    } catch (...) {
        return nullptr;
    }
}

const char *cre2_error(const cre2_pattern *pattern) {
    return pattern->error.empty() ? nullptr : pattern->error.c_str();
}

bool cre2_matches(const cre2_pattern *pattern, const char *bytes, size_t length) {
    try {
        if (!pattern->expression.ok()) return false;
        const re2::StringPiece text(bytes, length);
        return pattern->expression.Match(text, 0, length, RE2::UNANCHORED, nullptr, 0);
    } catch (...) {
        return false;
    }
}

bool cre2_find(
    const cre2_pattern *pattern, const char *bytes, size_t length, size_t start, size_t *match_start, size_t *match_end) {
    try {
        if (!pattern->expression.ok() || start > length) return false;
        const re2::StringPiece text(bytes, length);
        re2::StringPiece match;
        if (!pattern->expression.Match(text, start, length, RE2::UNANCHORED, &match, 1)) return false;
        *match_start = static_cast<size_t>(match.data() - bytes);
        *match_end = *match_start + match.size();
        return true;
    } catch (...) {
        return false;
    }
}

void cre2_free(cre2_pattern *pattern) {
    delete pattern;
}
}
