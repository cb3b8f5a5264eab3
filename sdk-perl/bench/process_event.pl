#!/usr/bin/env perl
# How many events a second go through process_event, next to a loop that only splits.
use 5.014;
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
use Daemonproxy::View;

my $rounds = shift || 60_000;
my @lines = map {
    my $name = "service-$_";
    ("service.state\t$name\tup\t1042\t712$_\t-\t-\t17\t-",
     "service.state\t$name\tdown\t1099\t712$_\texit\t0\t57\t3",
     "service.args\t$name\thttpd\t-p\t80$_",
     "service.tags\t$name\trole=frontend\tcritical",
     "service.auto_up\t$name\t5\talways",
     "fd.state\t$name.log\tpipe\tfrom\t$name.w");
} 0 .. 9;

sub measure {
    my ($what, $code) = @_;
    my $best = 0;
    for (1 .. 10) {    # the best of ten, since others use the machine, too
        my $start = clock_gettime(CLOCK_MONOTONIC);
        my $events = $code->();
        my $rate = $events / (clock_gettime(CLOCK_MONOTONIC) - $start);
        $best = $rate if $rate > $best;
    }
    printf "%-36s %9.0f events/s\n", $what, $best;
    return $best;
}

my $times = int($rounds / 60) + 1;
my $split = measure('split /\t/' => sub {
    my $count = 0;
    for (1 .. $times) { for my $line (@lines) { my @fields = split /\t/, $line, -1; $count++ } }
    return $count;
});
my $view = Daemonproxy::View->new;
my $plain = measure('process_event' => sub {
    my $count = 0;
    for (1 .. $times) { for my $line (@lines) { $view->process_event($line); $count++ } }
    return $count;
});
my $heard = 0;
$view->on('service.state' => sub { $heard++ });
measure('process_event with a handler' => sub {
    my $count = 0;
    for (1 .. $times) { for my $line (@lines) { $view->process_event($line); $count++ } }
    return $count;
});
printf "process_event takes %.1f times as long as split\n", $split / $plain;
