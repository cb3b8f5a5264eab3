/* Counts what the daemon allocates, for the tests: preloaded (LD_PRELOAD), it stands between the program
 * and the C library's allocator.
 *
 * The file that ALLOCATIONS names is shared memory: a flag (the test sets it when counting is to begin), a
 * counter, and where the first allocations came from. Addresses are those of the program's file, for
 * addr2line. Only the process that was started with the two variables counts, not its children. */

#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TRACES = 64, FRAMES = 32, PAGE = 4096 };

struct shared {
    volatile uint32_t counting;
    volatile uint32_t count;
    uint64_t traces[TRACES][FRAMES];
};

/* The allocator itself, under the names that glibc gives it. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static struct shared *shared;
static uint64_t base;
static int busy;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("ALLOCATIONS");
    if (!path) return;
    int fd = open(path, O_RDWR);
    if (fd < 0) return;
    void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    unsetenv("ALLOCATIONS");
    unsetenv("LD_PRELOAD");
    /* The program headers stand on the first page of the program. */
    base = getauxval(AT_PHDR) / PAGE * PAGE;
    /* Its first call loads a library: not later, in the midst of an allocation. */
    void *frames[2];
    backtrace(frames, 2);
    if (memory != MAP_FAILED) shared = memory;
}

static void note(void) {
    if (!shared || !shared->counting || busy) return;
    busy = 1;
    int error = errno;
    uint32_t nth = shared->count++;
    if (nth < TRACES) {
        void *frames[FRAMES];
        int depth = backtrace(frames, FRAMES);
        for (int at = 0; at < depth; at++) {
            shared->traces[nth][at] = (uint64_t)(uintptr_t)frames[at] - base;
        }
    }
    errno = error;
    busy = 0;
}

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    note();
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    note();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    note();
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}
