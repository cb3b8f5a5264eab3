/* The least that could stand between a process and whoever watches it: a floor for "from death to event".
 *
 * usage: least PROGRAM [ARG]...
 *
 * For each line on standard input it starts PROGRAM and says its pid; when the program has ended it says
 * "down". What the daemon takes longer than this is the daemon's own; the rest is the kernel's, which has
 * to wake up two processes, one after the other.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
    sigset_t set, none;
    posix_spawnattr_t attr;
    if (argc < 2) return 2;
    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    struct pollfd fds[] = {{signalfd(-1, &set, SFD_CLOEXEC), POLLIN, 0}, {0, POLLIN, 0}};
    for (;;) {
        struct signalfd_siginfo info;
        char line[64];
        pid_t pid;
        poll(fds, 2, -1);
        if (fds[0].revents && read(fds[0].fd, &info, sizeof info) > 0)
            while (waitpid(-1, NULL, WNOHANG) > 0)
                if (write(1, "down\n", 5) < 0) return 1;
        if (fds[1].revents) {
            if (read(0, line, sizeof line) <= 0) return 0;
            if (posix_spawn(&pid, argv[1], NULL, &attr, argv + 1, environ)) return 1;
            if (write(1, line, snprintf(line, sizeof line, "%d\n", pid)) < 0) return 1;
        }
    }
}
