# The connection, with a simulated daemon.
use 5.014;
use strict;
use warnings;
use lib 't/lib';
use Test::More;
use FakeDaemon;

# What is sent to learn the state, when the echo before it is the N-th.
sub asked_for {
    my ($daemon, $n) = @_;
    return ('echo ' . $daemon->word($n), 'statedump', 'echo ' . $daemon->word($n + 1));
}

my $REFUSED = qq{error\tNo such service, for command "service.start web"};

subtest 'a command and its echo' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $command = $conn->begin_cmd('service.start', 'web');
    is_deeply [$daemon->heard], ['service.start web', 'echo ' . $daemon->word(1)];
    is $command->command, 'service.start';
    is_deeply $command->args, ['web'];
    is $command->conn, $conn;
    ok !$command->complete;
    is_deeply $conn->pending_commands, [$command];
    $daemon->say($daemon->word(1));
    is $conn->pump_events, 1;
    ok $command->complete && $command->ok;
    ok $command->wait, 'need not wait any more';
    is_deeply $conn->pending_commands, [];
};

subtest 'in void context there is no echo' => sub {
    my $daemon = FakeDaemon->new;
    $daemon->conn->begin_cmd('service.start', 'web');
    $daemon->conn->service_start('web');
    $daemon->conn->send('service.start', 'web');
    is_deeply [$daemon->heard], [('service.start web') x 3];
};

subtest 'a command that is refused' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $command = $conn->service_start('web');
    $daemon->say($REFUSED, $daemon->word(1));
    ok !$command->wait, 'wait tells';
    my $error = $command->error;
    isa_ok $error, 'Daemonproxy::Error::Refused';
    is $error->kind, 'refused';
    is $error->reason, 'No such service';
    is $error->name, 'NoSuchService';
    is $error->message, $REFUSED =~ s/^error\t//r;
    is $error->command, $command;
    ok !eval { $command->check; 1 }, 'check dies';
    is $@, $error;
    like "$@", qr/ at \S+protocol\.t line \d+\n\z/, 'and says where';
};

subtest 'an error belongs to the command before it' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    $conn->service_start('web');    # void: nobody will ask
    my $second = $conn->service_start('web');
    my $third  = $conn->service_start('web');
    is_deeply [$daemon->heard], ['service.start web', 'echo ' . $daemon->word(1), map { ('service.start web', 'echo ' . $daemon->word($_)) } 2, 3];
    $daemon->say($REFUSED, $daemon->word(1), $daemon->word(2), $REFUSED, $daemon->word(3));
    $conn->pump_events;
    ok $second->ok, 'the error of the first is not that of the second';
    ok $third->complete && !$third->ok, 'the third has one of its own';
};

subtest 'a start that failed later is nobody\'s answer' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my @errors;
    $conn->on(error => sub { push @errors, Daemonproxy::Error->from_event($_[1]) });
    my $command = $conn->service_args('web', 'x');
    $daemon->say(qq{error\tcannot execute y, for service "job"}, $daemon->word(1));
    ok $command->wait;
    is $errors[0]->service, 'job';
    is $errors[0]->reason, 'cannot execute y';
};

subtest 'warnings and answers' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $fds = $conn->service_fds('web', 'null', 'x');
    my $filter = $conn->log_filter('+');
    $daemon->say(qq{warning\tfd "x" is not yet defined}, $daemon->word(1), "log.filter\tinfo", $daemon->word(2));
    $conn->pump_events;
    is_deeply [$fds->warnings], ['fd "x" is not yet defined'];
    is $filter->answer, 'info';
};

subtest 'what is wrong is not sent' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    for my $wrong (
        sub { $conn->service_args('a/b', 'x') }, sub { $conn->service_args('web', "x\ny") }, sub { $conn->call('bogus') },
        sub { $conn->service_fds('web', 'a b') }, sub { $conn->send("a\tb") }, sub { $conn->service_start("web\n") },
        sub { $conn->fd_open('x', ['bad'], undef, '/') && $conn->fd('x')->open_file('/', 'bad') },
    ) {
        ok !eval { my $command = $wrong->(); 1 };
        isa_ok $@, 'Daemonproxy::Error::Usage';
    }
    is_deeply [grep { !/^fd\.open|^echo/ } $daemon->heard], [];
};

subtest 'arguments of methods' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    $conn->service_args('web', ['httpd', '-p', 80]);
    $conn->service_auto_up('web', undef, 'always');
    $conn->service_start('web', undef);
    $conn->terminate_shutdown(30, undef, undef, 4242);
    $conn->fd_open('x', ['write', 'append'], '/log');
    $conn->service_pipe('web', [1, 2], 'cat');
    $conn->fd_pipe('r', 'w', undef);
    is_deeply [$daemon->heard], ['service.args web httpd -p 80', 'service.auto_up web - always', 'service.start web',
        'terminate.shutdown 30 - - 4242', 'fd.open x write,append /log', 'service.pipe web 1,2 cat', 'fd.pipe r w'];
};

subtest 'every command is a method' => sub {
    ok(Daemonproxy::Protocol->can($_->{name} =~ tr/./_/r), $_->{name}) for @Daemonproxy::Grammar::COMMANDS;
};

subtest 'time runs out' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $command = $conn->service_start('web');
    ok !eval { $command->wait(0.01); 1 };
    isa_ok $@, 'Daemonproxy::Error::Timeout';
    like "$@", qr/service\.start/;
    $daemon->say($daemon->word(1));
    ok $command->wait, 'the answer may still come';
    $conn->timeout(0.01);
    for my $waiting (sub { $conn->flush }, sub { $conn->reset }, sub { $conn->wait_for(sub { 0 }) }, sub { $conn->next_event(0.01) },
        sub { $conn->wait_for_event('info') }, sub { $conn->wait_for_service('web', 'up') }) {
        ok !eval { $waiting->(); 1 };
        isa_ok $@, 'Daemonproxy::Error::Timeout';
    }
};

subtest 'the connection ends' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $closed = 0;
    $conn->on(closed => sub { $closed++ });
    my $start = $conn->service_start('web');
    my $exit  = $conn->exit;
    $daemon->heard;
    $daemon->say("info\tbye");
    $daemon->close;
    ok $exit->wait, 'exit has succeeded';
    ok !eval { $start->wait; 1 };
    isa_ok $@, 'Daemonproxy::Error::Closed';
    ok $conn->is_closed;
    is $closed, 1;
    ok !eval { $conn->send('statedump'); 1 };
    isa_ok $@, 'Daemonproxy::Error::Closed';
    is_deeply [$conn->next_event], [], 'no more events';
    is $conn->pump_events, 0;
};

subtest 'the connection ends while something waits' => sub {
    for my $waiting (sub { $_[0]->flush }, sub { $_[0]->reset }, sub { $_[0]->wait_for_service('web', 'up') }, sub { $_[0]->wait_for_event('info') }) {
        my $daemon = FakeDaemon->new;
        my $conn = $daemon->conn;
        shutdown $daemon->{socket}, 1;
        ok !eval { $waiting->($conn); 1 };
        isa_ok $@, 'Daemonproxy::Error::Closed';
    }
};

subtest 'who asked for the end is not surprised by it' => sub {
    for my $command (qw(exit terminate terminate_shutdown)) {
        my $daemon = FakeDaemon->new;
        my $asked = $daemon->conn->$command($command eq 'terminate' ? 0 : ());
        $daemon->close;
        ok $asked->wait, $command;
    }
};

subtest 'waiting' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    $daemon->say("service.state\tweb\tup\t1\t2\t-\t-\t0\t-", "service.state\tweb\tdown\t1\t2\texit\t0\t1\t0", "info\ta", "info\tb");
    ok $conn->wait_for_service('web', 'up'), 'also a state that has passed by when it is looked at';
    ok $conn->service('web')->is_running;
    is_deeply [$conn->wait_for_event('info', sub { $_[0] eq 'b' })], ['b'];
    $daemon->say("info\tc", 'word');
    is_deeply [$conn->next_event], ['info', 'c'];
    is_deeply [$conn->next_event], ['word'];
};

subtest 'learning the whole state' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    is $conn->state, undef, 'nothing is known';
    $daemon->say($daemon->word(1), "service.args\tweb\tx", "service.args\told\tx", $daemon->word(2));
    ok $conn->sync;
    is_deeply [$daemon->heard], [asked_for($daemon, 1)], 'sync asks for it';
    is_deeply [sort keys %{ $conn->state->{services} }], ['old', 'web'];
    $daemon->say($daemon->word(3));
    ok $conn->sync;
    is_deeply [$daemon->heard], ['echo ' . $daemon->word(3)], 'and then only for an echo';
    $daemon->say($daemon->word(4), "service.args\tweb\tx", $daemon->word(5));
    ok $conn->reset;
    is_deeply $conn->service_names, ['web'];
};

subtest 'after an overflow it asks again, until a dump has no gap' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $resyncs = 0;
    $conn->on(resync => sub { $resyncs++ });
    $daemon->say("service.args\tgone\tx", 'overflow', $daemon->word(1), 'overflow', "service.args\tweb\tx", $daemon->word(2));
    $conn->pump_events;
    is_deeply [$daemon->heard], [map { asked_for($daemon, $_) } 1, 3];
    is $resyncs, 0;
    ok $conn->is_resyncing;
    is_deeply $conn->service_names, ['gone', 'web'], 'nothing is forgotten yet';
    $daemon->say($daemon->word(3), "service.args\tweb\tx", $daemon->word(4));
    $conn->pump_events;
    is $resyncs, 1;
    is_deeply $conn->service_names, ['web'];
};

subtest 'a dump whose beginning was lost does not count' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    $daemon->say("service.args\tgone\tx");
    $conn->pump_events;
    $conn->start_resync;
    $daemon->say("service.args\tweb\tx", $daemon->word(2));
    $conn->pump_events;
    is_deeply [$daemon->heard], [map { asked_for($daemon, $_) } 1, 3];
    $daemon->say($daemon->word(3), "service.args\tweb\tx", $daemon->word(4));
    $conn->pump_events;
    ok !$conn->is_resyncing;
    is_deeply $conn->service_names, ['web'];
};

subtest 'an answer that was lost' => sub {
    my $daemon = FakeDaemon->new(auto_resync => 0);
    my $conn = $daemon->conn;
    my $lost = $conn->service_start('web');
    my $next = $conn->service_start('web');
    $daemon->say('overflow', $daemon->word(2));
    ok $next->wait;
    ok $lost->complete;
    isa_ok $lost->error, 'Daemonproxy::Error::Lost';
};

subtest 'it asks once whether there are tags, and does not wait for the answer' => sub {
    my $daemon = FakeDaemon->new(tags => undef);
    my $conn = $daemon->conn;
    my ($first, $second) = map { scalar $conn->service_start('web') } 1, 2;
    my @word = map { $daemon->word($_) } 0 .. 4;
    is_deeply [$daemon->heard], ["\@$word[1] echo", 'service.start web', "echo $word[2]", 'service.start web', "echo $word[3]"];
    $daemon->say("done\t$word[1]", $REFUSED, $word[2]);
    ok !$first->wait;
    is $first->error->name, 'NoSuchService';
    my $third = $conn->service_start('web');
    is_deeply [$daemon->heard], ["\@$word[4] service.start web"];
    $daemon->say($word[3], "done\t$word[4]\tNoSuchService\tNo such service");
    ok $second->wait;
    ok !$third->wait;
    is_deeply [map { $third->error->$_ } qw(kind name message reason)], ['refused', 'NoSuchService', ('No such service') x 2];
};

subtest 'a daemon without tags says so' => sub {
    my $daemon = FakeDaemon->new(tags => undef);
    my $conn = $daemon->conn;
    my @errors;
    $conn->on(error => sub { push @errors, $_[1] });
    my $command = $conn->service_start('web');
    $daemon->say("error\tUnknown command: \@" . $daemon->word(1), $daemon->word(2));
    ok $command->wait;
    is_deeply \@errors, [], 'nobody else is told';
    $daemon->heard;
    my $next = $conn->service_start('web');
    is_deeply [$daemon->heard], ['service.start web', 'echo ' . $daemon->word(3)], 'and it is not asked again';
};

subtest 'who does not answer does not know tags' => sub {
    my $daemon = FakeDaemon->new(tags => undef);
    my $conn = $daemon->conn;
    my $command = $conn->service_start('web');
    $daemon->say($daemon->word(2));
    ok $command->wait;
    $daemon->heard;
    my $next = $conn->service_start('web');
    is_deeply [$daemon->heard], ['service.start web', 'echo ' . $daemon->word(3)];
};

subtest 'with tags' => sub {
    my $daemon = FakeDaemon->new(tags => 1);
    my $conn = $daemon->conn;
    $conn->service_start('web');    # void: nobody will ask
    my ($long, $short) = ($conn->service_args('web', 'x'), scalar $conn->service_start('web'));
    is_deeply [$daemon->heard], ['service.start web', '@' . $daemon->word(1) . ' service.args web x', '@' . $daemon->word(2) . ' service.start web'];
    $daemon->say($REFUSED, "done\t" . $daemon->word(2));
    ok $short->wait, 'an error event is the answer of no command with a tag';
    ok !$long->complete, 'any may be the first to end';
    $daemon->say("done\t" . $daemon->word(1));
    ok $long->wait;
    my @done;
    $conn->on(done => sub { push @done, $_[1] });
    $daemon->say("done\tsomebody", "done\t" . $daemon->word(1));
    $conn->pump_events;
    is_deeply \@done, ['somebody', $daemon->word(1)], 'what is not under way is an event like others';
};

subtest 'an overflow with tags' => sub {
    my $daemon = FakeDaemon->new(tags => 1, auto_resync => 0);
    my $conn = $daemon->conn;
    my $lost = $conn->service_start('web');
    $daemon->say('overflow');
    $conn->pump_events;
    my $after = $conn->service_start('web');
    $daemon->say("done\t" . $daemon->word(2));
    $conn->pump_events;
    ok $lost->complete && !$after->complete;
    isa_ok $lost->error, 'Daemonproxy::Error::Lost';
    $daemon->say("done\t" . $daemon->word(3));
    ok $after->wait;

    $daemon = FakeDaemon->new(tags => 1);
    $conn = $daemon->conn;
    $lost = $conn->service_start('web');
    $daemon->say("service.args\tgone\tx", 'overflow');
    $conn->pump_events;
    $daemon->say("done\t" . $daemon->word(2), "service.args\tweb\tx", "done\t" . $daemon->word(3));
    $conn->pump_events;
    isa_ok $lost->error, 'Daemonproxy::Error::Lost';
    ok !$conn->is_resyncing;
    is_deeply $conn->service_names, ['web'];
};

subtest 'a signal that was cleared' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    $daemon->say("signal\tSIGHUP\t1\t2");
    $conn->pump_events;
    my $clear = $conn->signal_clear('HUP', 2);
    is $conn->pending_signal('HUP'), 2, 'not yet';
    $daemon->say($daemon->word(1));
    $clear->check;
    is $conn->pending_signal('HUP'), 0;
};

subtest 'lines in pieces' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $bytes = "info\tone\ninfo\t\xff\x80\xe2\x98\xba\ninfo\tthr";
    my @seen;
    $conn->on(info => sub { push @seen, $_[1] });
    for my $byte (split //, $bytes) { syswrite $daemon->{socket}, $byte; $conn->pump_events }
    is_deeply \@seen, ['one', "\xff\x80\xe2\x98\xba"];
    $daemon->close;
    $conn->pump_events;
    is @seen, 2, 'half a line at the end is no line';
};

subtest 'a handler may wait' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my @order;
    $conn->on(info => sub { push @order, "info $_[1]"; $conn->wait_for_event('warning') if $_[1] eq 'first'; push @order, 'done' });
    $daemon->say("info\tfirst", "info\tsecond", "warning\tx");
    $conn->pump_events;
    is_deeply \@order, ['info first', 'info second', 'done', 'done'];
};

subtest 'a wait notices what has passed by since the command' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    $daemon->say("service.state\tweb\tstart\t1\t-\t-\t-\t-\t-", "service.state\tweb\tup\t1\t2\t-\t-\t0\t-",
        "service.state\tweb\tdown\t1\t2\texit\t0\t0\t0", $daemon->word(1));
    $conn->service('web')->start->check;
    ok $conn->wait_for_service('web', 'up', 1), 'a run that was over before anybody waited';
    $daemon->say($daemon->word(2));
    $conn->service('web')->signal('HUP')->check;
    ok !eval { $conn->wait_for_service('web', 'up', 0.05); 1 }, 'but not what was before that';
};

subtest 'time goes on for a service' => sub {
    my $daemon = FakeDaemon->new;
    my $conn = $daemon->conn;
    my $ago = int(Daemonproxy::Stream::now()) - 100;
    $daemon->say("service.state\tweb\tup\t$ago\t2\t-\t-\t0\t-", "service.state\tdb\tdown\t$ago\t3\texit\t0\t7\t0");
    $conn->pump_events;
    cmp_ok $conn->service('web')->uptime, '>=', 100, 'it is up since then';
    is $conn->service('db')->uptime, 7, 'it was up so long';
    cmp_ok $conn->service('db')->downtime, '>=', 100;
    is $conn->service('db')->pid, 3;
};

done_testing;
