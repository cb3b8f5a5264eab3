# A controller that reads too slowly misses events, and catches up.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Test::More;
use TestDaemon;
use Daemonproxy::Daemon;

TestDaemon::need();

my $daemon = Daemonproxy::Daemon->spawn(socket => TestDaemon::scratch() . '/control', log => TestDaemon::log_handle());
my ($slow, $other) = map { $daemon->connect } 1, 2;
$other->service($_)->set_args('x') for qw(deleted kept);
$other->sync;
$slow->sync;
is_deeply $slow->service_names, ['deleted', 'kept'];

my ($overflows, $resyncs) = (0, 0);
$slow->on(overflow => sub { $overflows++ });
$slow->on(resync => sub { $resyncs++ });

# Nobody reads for `slow` until its buffer in the daemon has long been full.
for my $round (1 .. 3000) {
    $other->service('kept')->set_tags("round=$round", 'x' x 1000);
    $other->flush if $round % 100 == 0;
}
$other->service('deleted')->delete;
$other->service('new')->set_args('y');
$other->flush;

ok $slow->wait_for(sub { $resyncs }), 'it learns the whole state again by itself';
is $overflows, 1, 'because events were missed';
is_deeply $slow->service_names, ['kept', 'new'];
is $slow->service('kept')->tag_values('round'), 3000;
ok !$slow->overflowed;
ok $slow->flush, 'and goes on as ever';

done_testing;
