/* Preloaded into a run of the command: counts what it does to files below one folder, in all its processes and
   threads, whoever does it (Python, Arrow, DuckDB), and at the operation of a chosen number sends a signal, or
   lets that one and all later ones fail. The plan is shared memory; tests/faults/operations.py writes it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 60000
struct plan {
    long count, at;           /* operations so far; the one at which it happens, 0 for none */
    int signal, group;        /* the signal to send; whether to the whole process group, as a terminal does */
    int error, pid;           /* or what fails from then on; the process that is the run */
    char folder[1024];
    char operations[MOST];    /* a letter for each */
    unsigned char files[MOST];/* of which opened file, counted from 1 and round again; 0 where none is open */
    int opened;
};
static struct plan *plan;
static unsigned char ours[65536]; /* by descriptor, which opened file below the folder it is; 0 for others */

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("POINTBOOK_FAULT_PLAN");
    if (!name) return;
    int file = open(name, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *memory = mmap(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory != MAP_FAILED) plan = memory;
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int below(int folder, const char *path) {
    if (!plan || !path || !plan->folder[0]) return 0;
    if (path[0] != '/') return folder >= 0 && folder < 65536 && ours[folder];
    size_t length = strlen(plan->folder);
    return !strncmp(path, plan->folder, length) && (path[length] == '/' || !path[length]);
}
static int has(int file) { return plan && file >= 0 && file < 65536 && ours[file]; }
static void note(int file, int number) { if (file >= 0 && file < 65536) ours[file] = number; }
static int next_number(void) { return 1 + __atomic_fetch_add(&plan->opened, 1, __ATOMIC_SEQ_CST) % 255; }
static int is_new(int folder, const char *path) {
    struct stat found;
    return fstatat(folder, path, &found, AT_SYMLINK_NOFOLLOW) != 0;
}

/* Whether the operation fails. A full disk refuses what needs room; one to read only, whatever changes it;
   without permission, files that are open can still be written. */
static int fails(char operation, int needs_room, int file) {
    if (!plan->pid) return 0; /* the run has not begun */
    long number = __atomic_add_fetch(&plan->count, 1, __ATOMIC_SEQ_CST);
    if (number < MOST) {
        plan->operations[number] = operation;
        plan->files[number] = file < 0 ? 0 : ours[file];
    }
    if (!plan->at || number < plan->at) return 0;
    if (plan->signal) {
        if (number == plan->at) kill(plan->group ? -plan->pid : plan->pid, plan->signal);
        return 0;
    }
    if (plan->error == ENOSPC ? !needs_room : plan->error == EACCES && strchr("wts", operation)) return 0;
    errno = plan->error;
    return 1;
}

#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)
#define OPENED(folder, path, call) \
    int is_below = below(folder, path); \
    if (is_below && (flags & WRITING) && fails('o', (flags & O_CREAT) && is_new(folder, path), -1)) return -1; \
    int file = call; \
    note(file, is_below ? next_number() : 0); \
    return file
#define MODE \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE REAL(open); OPENED(AT_FDCWD, path, real(path, flags, mode)); }
int open64(const char *path, int flags, ...) { MODE REAL(open64); OPENED(AT_FDCWD, path, real(path, flags, mode)); }
int openat(int folder, const char *path, int flags, ...) { MODE REAL(openat); OPENED(folder, path, real(folder, path, flags, mode)); }
int openat64(int folder, const char *path, int flags, ...) { MODE REAL(openat64); OPENED(folder, path, real(folder, path, flags, mode)); }
int close(int file) { REAL(close); note(file, 0); return real(file); }
int dup(int file) { REAL(dup); int other = real(file); note(other, has(file)); return other; }
int dup2(int file, int other) { REAL(dup2); note(other, has(file)); return real(file, other); }
int dup3(int file, int other, int flags) { REAL(dup3); note(other, has(file)); return real(file, other, flags); }

#define ON_FILE(name, letter, parameters, arguments) \
    int name parameters { REAL(name); if (has(file) && fails(letter, 1, file)) return -1; return real arguments; }
#define WRITTEN(name, parameters, arguments) \
    ssize_t name parameters { REAL(name); if (has(file) && fails('w', 1, file)) return -1; return real arguments; }
WRITTEN(write, (int file, const void *bytes, size_t size), (file, bytes, size))
WRITTEN(pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at))
WRITTEN(pwrite64, (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at))
WRITTEN(writev, (int file, const struct iovec *pieces, int number), (file, pieces, number))
ON_FILE(ftruncate, 't', (int file, off_t size), (file, size))
ON_FILE(ftruncate64, 't', (int file, off64_t size), (file, size))
ON_FILE(fallocate, 't', (int file, int mode, off_t at, off_t size), (file, mode, at, size))
ON_FILE(fallocate64, 't', (int file, int mode, off64_t at, off64_t size), (file, mode, at, size))
ON_FILE(fsync, 's', (int file), (file))
ON_FILE(fdatasync, 's', (int file), (file))

/* These return the error instead of setting it. */
int posix_fallocate(int file, off_t at, off_t size) { REAL(posix_fallocate); if (has(file) && fails('t', 1, file)) return errno; return real(file, at, size); }
int posix_fallocate64(int file, off64_t at, off64_t size) { REAL(posix_fallocate64); if (has(file) && fails('t', 1, file)) return errno; return real(file, at, size); }

#define ON_PATH(name, letter, needs_room, folder, path, parameters, arguments) \
    int name parameters { REAL(name); if (below(folder, path) && fails(letter, needs_room, -1)) return -1; return real arguments; }
ON_PATH(mkdir, 'm', 1, AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
ON_PATH(mkdirat, 'm', 1, folder, path, (int folder, const char *path, mode_t mode), (folder, path, mode))
ON_PATH(rmdir, 'u', 0, AT_FDCWD, path, (const char *path), (path))
ON_PATH(unlink, 'u', 0, AT_FDCWD, path, (const char *path), (path))
ON_PATH(remove, 'u', 0, AT_FDCWD, path, (const char *path), (path))
ON_PATH(unlinkat, 'u', 0, folder, path, (int folder, const char *path, int flags), (folder, path, flags))
ON_PATH(rename, 'r', is_new(AT_FDCWD, to), AT_FDCWD, to, (const char *from, const char *to), (from, to))
ON_PATH(renameat, 'r', is_new(place, to), place, to, (int folder, const char *from, int place, const char *to), (folder, from, place, to))
ON_PATH(renameat2, 'r', is_new(place, to), place, to, (int folder, const char *from, int place, const char *to, unsigned int flags), (folder, from, place, to, flags))
ON_PATH(link, 'l', 1, AT_FDCWD, to, (const char *from, const char *to), (from, to))
ON_PATH(linkat, 'l', 1, place, to, (int folder, const char *from, int place, const char *to, int flags), (folder, from, place, to, flags))
ON_PATH(truncate, 't', 1, AT_FDCWD, path, (const char *path, off_t size), (path, size))
