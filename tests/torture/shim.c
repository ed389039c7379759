/* Preloaded into a process, this meets every libc call that changes something below one directory, and makes
   the nth of them fail, tear or kill. It does nothing until `shim_arm` is called; what it has counted is in
   memory shared with the processes forked later, so that a parent can read it when its child is gone. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { COUNT, KILL, FAIL, TEAR_KILL, TEAR_FAIL, SHORT };
enum { GO, REFUSE, HALF };

#define TRACED 4096
#define TOLD 112

static struct {
    long count;               /* calls met since it was armed */
    long hits;                /* calls that did not go through whole */
    char calls[TRACED][TOLD]; /* "fsync entries/0001-a.yaml" */
} *shared;

static struct {
    int armed, action, error, sticky;
    long nth;
    size_t length;
    char area[PATH_MAX];
} own;

__attribute__((constructor)) static void begin(void) {
    void *place = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared = place == MAP_FAILED ? NULL : place;
}

void shim_arm(const char *area, long nth, int action, int error, int sticky) {
    snprintf(own.area, sizeof own.area, "%s", area);
    own.length = strlen(own.area);
    own.nth = nth;
    own.action = action;
    own.error = error;
    own.sticky = sticky;
    shared->count = shared->hits = 0;
    own.armed = 1;
}

void shim_disarm(void) { own.armed = 0; }
long shim_count(void) { return shared->count; }
long shim_hits(void) { return shared->hits; }
const char *shim_call(long nth) { return nth < 1 || nth > TRACED ? "" : shared->calls[nth - 1]; }

static int is_below(const char *path) {
    return !strncmp(path, own.area, own.length) && (!path[own.length] || path[own.length] == '/');
}

static int of_handle(int fd, char *full) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, full, PATH_MAX - 1);
    if (length < 0) return 0;
    full[length] = 0;
    return is_below(full);
}

static int of_path(int directory, const char *path, char *full) {
    char before[PATH_MAX] = "";
    if (!path) return directory == AT_FDCWD ? 0 : of_handle(directory, full);
    if (path[0] != '/') {
        if (directory == AT_FDCWD) {
            if (!getcwd(before, sizeof before)) return 0;
        } else {
            of_handle(directory, before);
        }
    }
    int length = snprintf(full, PATH_MAX, "%s%s%s", before, before[0] ? "/" : "", path);
    if (length < 0 || length >= PATH_MAX) return 0;
    return is_below(full);
}

/* Count a call and say what becomes of it. A call that is half done is a write. */
static int meet(const char *name, const char *full, int is_write) {
    long now = __atomic_add_fetch(&shared->count, 1, __ATOMIC_SEQ_CST);
    if (now <= TRACED) {
        const char *rest = full + own.length + (full[own.length] == '/');
        snprintf(shared->calls[now - 1], TOLD, "%s %s", name, rest);
    }
    if (!own.nth || own.action == COUNT || now < own.nth) return GO;
    int first = now == own.nth;
    int tears = own.action == TEAR_KILL || own.action == TEAR_FAIL || own.action == SHORT;
    if (tears && first && is_write) {
        shared->hits++;
        return HALF;
    }
    int again = own.sticky || (own.action == TEAR_FAIL && now == own.nth + 1);
    if (own.action == SHORT || !(first || again)) return GO;
    shared->hits++;
    if (own.action == KILL || own.action == TEAR_KILL) kill(getpid(), SIGKILL);
    errno = own.error;
    return REFUSE;
}

static int meet_path(const char *name, int directory, const char *path, const char *other, int other_at) {
    if (!own.armed) return GO;
    int before = errno;
    char full[PATH_MAX] = "";
    int counts = of_path(directory, path, full) || (other && of_path(other_at, other, full));
    errno = before;
    return counts ? meet(name, full, 0) : GO;
}

static int meet_handle(const char *name, int fd, int is_write) {
    if (!own.armed) return GO;
    int before = errno;
    char full[PATH_MAX] = "";
    int counts = of_handle(fd, full);
    errno = before;
    return counts ? meet(name, full, is_write) : GO;
}

#define REAL(type, name, ...)                                          \
    static type (*real)(__VA_ARGS__);                                  \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static int changes(int flags) {
    return (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC) || (flags & O_TMPFILE) == O_TMPFILE;
}

#define MODE(flags)                                              \
    mode_t mode = 0;                                             \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list rest;                                            \
        va_start(rest, flags);                                   \
        mode = va_arg(rest, mode_t);                             \
        va_end(rest);                                            \
    }

#define OPEN(name)                                                                        \
    int name(const char *path, int flags, ...) {                                          \
        REAL(int, name, const char *, int, ...);                                          \
        MODE(flags)                                                                       \
        if (changes(flags) && meet_path("open", AT_FDCWD, path, NULL, 0) != GO) return -1; \
        return real(path, flags, mode);                                                   \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                \
    int name(int at, const char *path, int flags, ...) {                            \
        REAL(int, name, int, const char *, int, ...);                               \
        MODE(flags)                                                                 \
        if (changes(flags) && meet_path("open", at, path, NULL, 0) != GO) return -1; \
        return real(at, path, flags, mode);                                         \
    }
OPENAT(openat)
OPENAT(openat64)

/* A file that was open for writing may learn of an error only when it is closed; it is closed all the same. */
int close(int fd) {
    REAL(int, close, int);
    if (own.armed) {
        int before = errno;
        int flags = fcntl(fd, F_GETFL);
        errno = before;
        if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && meet_handle("close", fd, 0) != GO) {
            int error = errno;
            real(fd);
            errno = error;
            return -1;
        }
    }
    return real(fd);
}

static void die_if_torn(void) {
    if (own.action == TEAR_KILL) kill(getpid(), SIGKILL);
}

ssize_t write(int fd, const void *content, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    int what = meet_handle("write", fd, size > 1);
    if (what == REFUSE) return -1;
    if (what == GO) return real(fd, content, size);
    ssize_t written = real(fd, content, size / 2);
    die_if_torn();
    return written;
}

#define PWRITE(name, offset_type)                                            \
    ssize_t name(int fd, const void *content, size_t size, offset_type at) { \
        REAL(ssize_t, name, int, const void *, size_t, offset_type);         \
        int what = meet_handle("pwrite", fd, size > 1);                      \
        if (what == REFUSE) return -1;                                       \
        if (what == GO) return real(fd, content, size, at);                  \
        ssize_t written = real(fd, content, size / 2, at);                   \
        die_if_torn();                                                       \
        return written;                                                      \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define OF_HANDLE(type, name, told, given, ...)      \
    type name(__VA_ARGS__) {                         \
        REAL(type, name, __VA_ARGS__);               \
        if (meet_handle(told, fd, 0) != GO) return -1; \
        return real given;                           \
    }
OF_HANDLE(int, fsync, "fsync", (fd), int fd)
OF_HANDLE(int, fdatasync, "fdatasync", (fd), int fd)
OF_HANDLE(int, ftruncate, "ftruncate", (fd, size), int fd, off_t size)
OF_HANDLE(int, ftruncate64, "ftruncate", (fd, size), int fd, off64_t size)
OF_HANDLE(int, fchmod, "fchmod", (fd, mode), int fd, mode_t mode)
OF_HANDLE(int, futimens, "utime", (fd, times), int fd, const struct timespec times[2])
OF_HANDLE(ssize_t, writev, "writev", (fd, parts, count), int fd, const struct iovec *parts, int count)
OF_HANDLE(ssize_t, sendfile, "sendfile", (fd, from, at, size), int fd, int from, off_t *at, size_t size)
OF_HANDLE(ssize_t, sendfile64, "sendfile", (fd, from, at, size), int fd, int from, off64_t *at, size_t size)

ssize_t copy_file_range(int from, off64_t *from_at, int fd, off64_t *at, size_t size, unsigned flags) {
    REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned);
    if (meet_handle("copy_file_range", fd, 0) != GO) return -1;
    return real(from, from_at, fd, at, size, flags);
}

#define OF_PATH(name, told, at, path, other, other_at, given, ...)             \
    int name(__VA_ARGS__) {                                                    \
        REAL(int, name, __VA_ARGS__);                                          \
        if (meet_path(told, at, path, other, other_at) != GO) return -1;       \
        return real given;                                                     \
    }
#define HERE AT_FDCWD
OF_PATH(link, "link", HERE, to, from, HERE, (from, to), const char *from, const char *to)
OF_PATH(linkat, "link", b, to, from, a, (a, from, b, to, flags), int a, const char *from, int b, const char *to,
        int flags)
OF_PATH(rename, "rename", HERE, to, from, HERE, (from, to), const char *from, const char *to)
OF_PATH(renameat, "rename", b, to, from, a, (a, from, b, to), int a, const char *from, int b, const char *to)
OF_PATH(renameat2, "rename", b, to, from, a, (a, from, b, to, flags), int a, const char *from, int b,
        const char *to, unsigned flags)
OF_PATH(symlink, "symlink", HERE, to, NULL, 0, (from, to), const char *from, const char *to)
OF_PATH(symlinkat, "symlink", at, to, NULL, 0, (from, at, to), const char *from, int at, const char *to)
OF_PATH(unlink, "unlink", HERE, path, NULL, 0, (path), const char *path)
OF_PATH(unlinkat, "unlink", at, path, NULL, 0, (at, path, flags), int at, const char *path, int flags)
OF_PATH(mkdir, "mkdir", HERE, path, NULL, 0, (path, mode), const char *path, mode_t mode)
OF_PATH(mkdirat, "mkdir", at, path, NULL, 0, (at, path, mode), int at, const char *path, mode_t mode)
OF_PATH(rmdir, "rmdir", HERE, path, NULL, 0, (path), const char *path)
OF_PATH(chmod, "chmod", HERE, path, NULL, 0, (path, mode), const char *path, mode_t mode)
OF_PATH(fchmodat, "chmod", at, path, NULL, 0, (at, path, mode, flags), int at, const char *path, mode_t mode,
        int flags)
OF_PATH(truncate, "truncate", HERE, path, NULL, 0, (path, size), const char *path, off_t size)
OF_PATH(truncate64, "truncate", HERE, path, NULL, 0, (path, size), const char *path, off64_t size)
OF_PATH(utimensat, "utime", at, path, NULL, 0, (at, path, times, flags), int at, const char *path,
        const struct timespec times[2], int flags)
