/* Lets one system call of a process fail: preloaded (LD_PRELOAD) by bench/resilience_faults.py.
 *
 * FAIL_CALL names the call (fsync, rename, open, read), FAIL_AT which of them fails, counted in each
 * process over calls on files below FAIL_ROOT, FAIL_ERRNO the error. A negative FAIL_ERRNO is a
 * signal that the process sends itself just after the call, which succeeds. FAIL_LOG gets a line for
 * each call that fails, so that the caller knows when it has tried all.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long number(const char *name) {
    const char *value = getenv(name);
    return value ? atol(value) : 0;
}

static int below(const char *path) {
    const char *root = getenv("FAIL_ROOT");
    return root && path && strncmp(path, root, strlen(root)) == 0;
}

static int file_below(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

/* Counts a call; true where it is the one that must fail. */
static int chosen(const char *call) {
    static long count = 0;
    static __thread int inside = 0;
    const char *wanted = getenv("FAIL_CALL"), *log = getenv("FAIL_LOG");
    if (inside || !wanted || strcmp(call, wanted) != 0) return 0;
    if (++count != number("FAIL_AT")) return 0;
    if (log) {
        inside = 1;
        FILE *file = fopen(log, "a");
        if (file) {
            fprintf(file, "%s %ld\n", call, count);
            fclose(file);
        }
        inside = 0;
    }
    return 1;
}

#define NEXT(type, name, ...)                                              \
    static type (*next)(__VA_ARGS__);                                      \
    if (!next) next = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)
#define FAIL_OR_SIGNAL(result)                  \
    do {                                        \
        long error = number("FAIL_ERRNO");      \
        if (error >= 0) {                       \
            errno = (int)error;                 \
            return -1;                          \
        }                                       \
        int given = (result);                   \
        raise((int)-error);                     \
        return given;                           \
    } while (0)

int fsync(int file) {
    NEXT(int, fsync, int);
    if (file_below(file) && chosen("fsync")) FAIL_OR_SIGNAL(next(file));
    return next(file);
}

int rename(const char *from, const char *to) {
    NEXT(int, rename, const char *, const char *);
    if (below(to) && chosen("rename")) FAIL_OR_SIGNAL(next(from, to));
    return next(from, to);
}

#define OPEN(name)                                                         \
    int name(const char *path, int flags, ...) {                           \
        NEXT(int, name, const char *, int, ...);                           \
        va_list more;                                                      \
        va_start(more, flags);                                             \
        mode_t mode = va_arg(more, mode_t);                                \
        va_end(more);                                                      \
        if (below(path) && chosen("open")) FAIL_OR_SIGNAL(next(path, flags, mode)); \
        return next(path, flags, mode);                                    \
    }

OPEN(open)
OPEN(open64)

ssize_t read(int file, void *into, size_t size) {
    NEXT(ssize_t, read, int, void *, size_t);
    if (file > 2 && file_below(file) && chosen("read")) FAIL_OR_SIGNAL((int)next(file, into, size));
    return next(file, into, size);
}
