/* Stands between a process and its disk, preloaded into it (LD_PRELOAD).

   Whatever changes a file below one folder is written to a log, in the order in which
   it happened, and one chosen call can be made to fail. `disk.py` builds and reads it.

   A record is: kind, length of the name, place, length of the content (see `record`),
   then the name and the content. Kinds: C created, W written, T cut to a length,
   S a sync begins, E it succeeded, F it failed, U removed, R renamed, M a mark.

   Not seen: the mapped -shm file, which SQLite makes anew after a power loss; vectored
   writes, links and directories, which nothing here uses on the folder. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name, type, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

enum { WRITES = 1, SYNCS = 2, CUTS = 4, NAMES = 8 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int log_file = -1;
static uint64_t syncs;

static long calls, fail_at;
static int fail_kinds, fail_error, fail_ever, fail_short, failed;

struct record {
    uint8_t kind;
    uint16_t name_length;
    uint64_t place;
    uint32_t length;
} __attribute__((packed));

static ssize_t put(const void *content, size_t length) {
    REAL("write", ssize_t, int, const void *, size_t);
    return real(log_file, content, length);
}

/* In one piece, since several processes may write to one log. */
static void note(char kind, const char *name, uint64_t place, const void *content,
                 size_t length) {
    size_t named = strlen(name);
    struct record head = {kind, named, place, length};
    if (log_file < 0) return;
    char *whole = malloc(sizeof head + named + length);
    memcpy(whole, &head, sizeof head);
    memcpy(whole + sizeof head, name, named);
    if (length) memcpy(whole + sizeof head + named, content, length);
    if (put(whole, sizeof head + named + length) < 0) abort();
    free(whole);
}

/* The name below the folder, or null for what lies elsewhere. */
static const char *inside(const char *path) {
    if (!folder_length || strncmp(path, folder, folder_length)) return NULL;
    if (path[folder_length] == 0) return ".";
    return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

static const char *named(int file, char *buffer) {
    char link[40];
    if (!folder_length) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, buffer, PATH_MAX - 1);
    if (length < 0) return NULL;
    buffer[length] = 0;
    return inside(buffer);
}

/* Counts a call; says whether it is one that fails, and sets `errno`. */
static int fails(int kind) {
    if (!(kind & fail_kinds)) return 0;
    calls++;
    if (!fail_at || calls < fail_at || (!fail_ever && calls > fail_at)) return 0;
    failed++;
    errno = fail_error;
    return 1;
}

/* Starts to watch a folder; a null log only counts, and lets calls fail. */
void disk_watch(const char *where, const char *log) {
    REAL("open64", int, const char *, int, ...);
    if (log_file >= 0) close(log_file);
    log_file = log ? real(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    snprintf(folder, sizeof folder, "%s", where);
    folder_length = strlen(folder);
}

void disk_mark(const char *text) {
    pthread_mutex_lock(&lock);
    note('M', text, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
}

/* From now on the call `at` of these kinds fails, and with `ever` all after it. With
   `cut_short` half of what a failing write was given is written before. */
void disk_fail(long at, int kinds, int error, int ever, int cut_short) {
    pthread_mutex_lock(&lock);
    if (at) calls = failed = 0;
    fail_at = at;
    fail_kinds = kinds;
    fail_error = error;
    fail_ever = ever;
    fail_short = cut_short;
    pthread_mutex_unlock(&lock);
}

long disk_calls(void) { return calls; }
int disk_failed(void) { return failed; }

static ssize_t write_at(int file, const void *data, size_t length, off64_t place) {
    REAL("pwrite64", ssize_t, int, const void *, size_t, off64_t);
    char buffer[PATH_MAX];
    const char *name = named(file, buffer);
    if (!name) return real(file, data, length, place);
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    int failing = fails(WRITES), error = errno;
    if (!failing || (fail_short && length > 1)) {
        done = real(file, data, failing ? length / 2 : length, place);
        if (done > 0) note('W', name, place, data, done);
        error = errno;
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t place) {
    return write_at(file, data, length, place);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t place) {
    return write_at(file, data, length, place);
}

ssize_t write(int file, const void *data, size_t length) {
    REAL("write", ssize_t, int, const void *, size_t);
    char buffer[PATH_MAX];
    if (!named(file, buffer)) return real(file, data, length);
    off64_t place = lseek64(file, 0, SEEK_CUR);
    if (fcntl(file, F_GETFL) & O_APPEND) place = lseek64(file, 0, SEEK_END);
    ssize_t done = write_at(file, data, length, place);
    if (done > 0) lseek64(file, place + done, SEEK_SET);
    return done;
}

int ftruncate64(int file, off64_t length) {
    REAL("ftruncate64", int, int, off64_t);
    char buffer[PATH_MAX];
    const char *name = named(file, buffer);
    if (!name) return real(file, length);
    pthread_mutex_lock(&lock);
    int result = fails(CUTS) ? -1 : real(file, length);
    if (!result) note('T', name, length, NULL, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

/* Others may write meanwhile, which this sync need not carry to the disk. */
static int synced(int file, int (*real)(int)) {
    char buffer[PATH_MAX];
    const char *name = named(file, buffer);
    if (!name) return real(file);
    pthread_mutex_lock(&lock);
    uint64_t number = ((uint64_t)getpid() << 32) + ++syncs;
    int failing = fails(SYNCS), error = errno;
    note('S', name, number, NULL, 0);
    pthread_mutex_unlock(&lock);
    int result = failing ? -1 : real(file);
    if (!failing) error = errno;
    pthread_mutex_lock(&lock);
    note(result ? 'F' : 'E', name, number, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int fsync(int file) {
    REAL("fsync", int, int);
    return synced(file, real);
}

int fdatasync(int file) {
    REAL("fdatasync", int, int);
    return synced(file, real);
}

int unlink(const char *path) {
    REAL("unlink", int, const char *);
    const char *name = inside(path);
    if (!name) return real(path);
    pthread_mutex_lock(&lock);
    int result = fails(NAMES) ? -1 : real(path);
    if (!result) note('U', name, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int rename(const char *from, const char *to) {
    REAL("rename", int, const char *, const char *);
    const char *old = inside(from), *new = inside(to);
    if (!old || !new) return real(from, to);
    pthread_mutex_lock(&lock);
    int result = fails(NAMES) ? -1 : real(from, to);
    if (!result) note('R', old, 0, new, strlen(new));
    pthread_mutex_unlock(&lock);
    return result;
}

int open64(const char *path, int flags, ...) {
    REAL("open64", int, const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    const char *name = inside(path);
    if (!name || !(flags & (O_CREAT | O_TRUNC))) return real(path, flags, mode);
    pthread_mutex_lock(&lock);
    int existed = !access(path, F_OK);
    int file = !existed && fails(NAMES) ? -1 : real(path, flags, mode);
    if (file >= 0 && !existed) note('C', name, 0, NULL, 0);
    if (file >= 0 && existed && (flags & O_TRUNC)) note('T', name, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return file;
}

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("TRUNKLINE_TEST_DISK");
    if (where) disk_watch(where, getenv("TRUNKLINE_TEST_DISK_LOG"));
}
