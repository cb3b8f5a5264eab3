# Handlers: what they get, what they select, and what becomes of one that dies.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Test::More;
use FakeDaemon;

sub warned(&) {
    my ($code) = @_;
    my @warnings;
    local $SIG{__WARN__} = sub { push @warnings, @_ };
    $code->();
    return @warnings;
}

subtest 'a handler may use $_' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $seen = 0;
    $conn->on(info => sub { $seen++; open my $file, '<', $0 or die $!; while (<$file>) { } });
    $conn->on(info => sub { $seen++ });
    $daemon->say("info\tone", "info\ttwo");
    $conn->pump_events;
    is $seen, 4, 'and all are still there';
    $conn->service_start('web')->on_complete(sub { open my $file, '<', $0 or die $!; while (<$file>) { } });
    $daemon->say($daemon->word(1));
    is_deeply [warned { $conn->pump_events }], [], 'the same for what follows a command';
};

subtest 'a handler that dies' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $seen = 0;
    $conn->on(info => sub { die "no\n" });
    $conn->on(info => sub { $seen++ });
    $conn->on('*'  => sub { $seen++ });
    my $command = $conn->service_start('web');
    $daemon->say("info\tone", $daemon->word(1));
    my @warnings = warned { ok $command->wait, 'the command that was under way knows nothing of it' };
    is $seen, 2, 'the others have got the event';
    is_deeply \@warnings, ["a handler of `info` died: no\n"];

    my @told;
    $conn->on_error(sub { @told = @_ });
    $daemon->say("info\ttwo");
    is_deeply [warned { $conn->pump_events }], [], 'no warning with on_error';
    is_deeply \@told, [$conn, "no\n", 'a handler of `info`'];

    $conn->on_error(sub { die "it is enough: $_[1]" });
    $daemon->say("info\tthree");
    ok !eval { $conn->pump_events; 1 };
    is $@, "it is enough: no\n", 'what on_error dies of comes out';
};

subtest 'what follows a command, a timer and a handle that die' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my @told;
    $conn->on_error(sub { push @told, "$_[2]: $_[1]" });
    $conn->service_start('web')->on_complete(sub { die "one\n" })->on_complete(sub { push @told, 'after it' });
    $daemon->say($daemon->word(1));
    $conn->pump_events;
    $conn->after(0, sub { die "two\n" });
    pipe my $reader, my $writer or die $!;
    $conn->loop->watch($reader, readable => sub { $conn->loop->watch($reader); $conn->stop; die "three\n" });
    syswrite $writer, 'x';
    $conn->run(timeout => 5);
    chomp @told;
    is_deeply [sort @told],
        ['a timer: two', 'after it', 'what was to follow `service.start`: one', 'what watches a handle: three'], 'each is told once';
};

subtest 'fields by name' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my @got;
    $conn->on($_, {}, sub { push @got, $_[1] }) for qw(service.state service.args service.auto_up fd.state signal error terminate.state);
    $daemon->say(
        "service.state\tweb\tdown\t1099\t7123\tsignal\tSIGKILL\t57\t3", "service.state\tweb\tdown\t-\t-\t-\t-\t-\t-",
        "service.args\tweb\ta\tb c", "service.args\tweb\t", "service.auto_up\tweb\t-", "service.auto_up\tweb\t5\talways\tSIGHUP",
        "fd.state\tlog\tfile\twrite,append\t/var/log", "fd.state\tlog\tdeleted", "signal\tSIGTERM\t7\t1", "error\ta text",
        "terminate.state\tstopping\t4",
    );
    $conn->pump_events;
    my %down = (event => 'service.state', name => 'web', state => 'down');
    is_deeply \@got, [
        { %down, timestamp => 1099, pid => 7123, signal => 'SIGKILL', uptime => 57, downtime => 3 }, {%down},
        { event => 'service.args', name => 'web', args => ['a', 'b c'] }, { event => 'service.args', name => 'web', args => [] },
        { event => 'service.auto_up', name => 'web', triggers => [] },
        { event => 'service.auto_up', name => 'web', interval => 5, triggers => ['always', 'SIGHUP'] },
        { event => 'fd.state', name => 'log', type => 'file', flags => 'write,append', description => '/var/log' },
        { event => 'fd.state', name => 'log', type => 'deleted', flags => undef, description => undef },
        { event => 'signal', signal => 'SIGTERM', at => 7, count => 1 },
        { event => 'error', text => 'a text' }, { event => 'terminate.state', phase => 'stopping', remaining => 4 },
    ];
};

subtest 'every event of the grammar has its fields by name' => sub {
    for my $event (@Daemonproxy::Grammar::EVENTS) {
        my %known = map { $_ => 1 } event => Daemonproxy::Event::field_names($event->{name});
        is_deeply [grep { !/\A[a-z_]+\z/ } keys %known], [], "$event->{name}: names";
    }
};

subtest 'a filter' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my @got;
    $conn->on('service.state', { name => 'web', state => 'down' }, sub { push @got, $_[1]{exit} });
    $conn->on('signal', { signal => 'TERM' }, sub { push @got, $_[1]{signal} });
    $daemon->say(map { "service.state\t$_" } "web\tup\t1\t2\t-\t-\t0\t-", "web\tdown\t1\t2\texit\t7\t0\t0", "db\tdown\t1\t2\texit\t8\t0\t0");
    $daemon->say("signal\tSIGTERM\t1\t1", "signal\tSIGHUP\t1\t1");
    $conn->pump_events;
    is_deeply \@got, [7, 'SIGTERM'];
};

subtest 'a filter that could never hold' => sub {
    my $conn = FakeDaemon->new->conn;
    my @wrong = (
        ['service.stat', {},                  qr/no event `service\.stat`/],
        ['service.state', { stat => 'down' }, qr/no field `stat`.*name state/],
        ['service.state', { state => 'dwn' }, qr/never `dwn`.*down start up deleted/],
        ['signal', { name => 'TERM' },        qr/no field `name`/],
        ['signal', { signal => 'TREM' },      qr/no signal `TREM`/],
        ['service.args', { name => 'a/b' },   qr/cannot be a name/],
        ['service.args', { name => ['a'] },   qr/one value/],
        ['service.args', ['name', 'a'],       qr/hash reference/],
    );
    for my $case (@wrong) {
        my ($event, $filter, $why) = @$case;
        ok !eval { $conn->on($event, $filter, sub { }); 1 }, $event;
        isa_ok $@, 'Daemonproxy::Error::Usage';
        like "$@", $why;
    }
    ok !eval { $conn->wait_for_service('web', 'dwn', 0); 1 };
    like "$@", qr/`dwn` is no state: those are down/, 'the same for a wait';
    ok !eval { $conn->wait_for_service('web', 'ready', 0); 1 };
    like "$@", qr/That is a fact/, 'what to wait for instead';
    ok !eval { $conn->service('nosuch')->wait_for_end; 1 };
    like "$@", qr/no service nosuch/, 'a run of what does not exist';
};

done_testing;
