/* A program that is no daemon, and is asked whether it understands the state of one. The last word of
   its own name says what it does: it must never be taken for the next version. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char buffer[65536];

int main(int argc, char **argv) {
    char name[4096] = "";
    if (readlink("/proc/self/exe", name, sizeof name - 1) < 0) return 1;
    const char *word = strrchr(name, '-') ? strrchr(name, '-') + 1 : "";
    int state = argc > 2 ? atoi(argv[2]) : 0;
    if (!strcmp(word, "fails")) return 1;
    if (!strcmp(word, "crashes")) raise(SIGSEGV);
    if (!strcmp(word, "hangs")) pause();
    if (!strcmp(word, "guesses")) puts("0123456789abcdef");
    if (!strcmp(word, "babbles"))
        for (int n = 0; n < 200; n++) if (write(1, buffer, sizeof buffer) < 0) break;
    if (!strcmp(word, "repeats"))
        for (ssize_t n; (n = read(state, buffer, sizeof buffer)) > 0;) if (write(1, buffer, n) < 0) break;
    if (!strcmp(word, "writes") && write(state, "service.args\tevil\ttrue\n", 23) < 0) return 2;
    if (!strcmp(word, "leaves") && fork() == 0) pause();
    if (!strcmp(word, "stops")) kill(getppid(), SIGSTOP), kill(getppid(), SIGCONT);
    return 0;
}
