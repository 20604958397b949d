// What Hookmail asks of SQLite beyond what Swift can call: its configuration is a variadic function.
#ifndef CSQLITE_H
#define CSQLITE_H

/// Has SQLite keep no count of the memory that it uses: counting takes a lock of the whole process at every allocation
/// (https://www.sqlite.org/malloc.html#memstatus). Works before SQLite's first use only; a SQLite result code.
int csqlite_count_no_memory(void);

#endif
