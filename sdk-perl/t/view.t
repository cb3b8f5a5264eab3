# What a view makes of recorded events.
use 5.014;
use strict;
use warnings;
use Test::More;
use Daemonproxy::View;

sub view { my $view = Daemonproxy::View->new; $view->process_event(s/ /\t/gr) for @_; return $view }

{
    my $view = view('service.args web httpd -p 80', 'service.tags web ', 'service.fds web null -',
        'service.auto_up web 5 always SIGHUP', 'service.state web up 10 77 - - 0 -',
        'fd.state log file write /x', 'signal SIGHUP 10 2', 'log.filter info', 'some echo');
    my $web = $view->service_record('web');
    is_deeply $web->{args}, ['httpd', '-p', '80'];
    is_deeply $web->{tags}, [], 'an empty list';
    is_deeply $web->{fds}, ['null', '-'];
    is_deeply $web->{auto_up}, ['5', 'always', 'SIGHUP'];
    is_deeply $web->{state}, ['up', 10, 77, '-', '-', 0, '-'];
    is_deeply $view->fd_record('log')->{state}, ['file', 'write', '/x'];
    is $view->pending_signal('HUP'), 2;
    is $view->pending_signal(1), 2, 'by number';
    is $view->pending_signal('TERM'), 0;
    is $view->filter, 'info';
    $view->cleared_signal('SIGHUP', 1);
    is $view->pending_signal('HUP'), 1, 'one was cleared';
    $view->process_event($_) for "service.state\tweb\tdeleted\t-\t-\t-\t-\t-\t-", "fd.state\tlog\tdeleted\n";
    is_deeply [$view->service_name_list, $view->file_descriptor_name_list], [], 'deleted';
}

{
    my $view = view('log.filter info', 'log.dest fd stderr', 'terminate.exec_args ', 'chdir /x', 'signal.default SIGHUP event',
        'signal.default SIGTERM shutdown', 'socket.create - /c', 'socket.create name=ops,rights=watch /ops', 'log.dest fd log',
        'env A=1', 'env.apply !B C=', 'env', 'chdir', 'service.env web X=1', 'service.env.apply web Y=2 Z=3');
    is_deeply $view->settings, [
        ['chdir', '/x'], ['log.dest', 'fd', 'log'], ['log.filter', 'info'], ['signal.default', 'SIGHUP', 'event'],
        ['signal.default', 'SIGTERM', 'shutdown'], ['socket.create', '-', '/c'], ['socket.create', 'name=ops,rights=watch', '/ops'],
        ['terminate.exec_args']], 'settings of the daemon itself, as commands';
    is_deeply $view->environment, ['A=1', '!B', 'C='], 'what is longer than a line';
    is_deeply $view->service_record('web')->{env}, ['X=1', 'Y=2', 'Z=3'];
    $view->mark;
    $view->process_event($_) for "socket.create\tname=ops\t/o", 'socket.delete', "terminate.exec_args\tsh\t-c", "env\t";
    $view->sweep;
    is_deeply $view->settings, [['socket.create', 'name=ops', '/o'], ['terminate.exec_args', 'sh', '-c']];
    is_deeply $view->environment, [];
}

{
    my $view = view('service.args a x', 'service.args b x', 'fd.state f file read /', 'signal SIGHUP 1 1');
    $view->mark;
    $view->process_event($_) for "service.state\tb\tdown\t-\t-\t-\t-\t-\t-", "service.args\tb\tx";
    ok $view->service_record('a'), 'until the dump is complete nothing is taken away';
    ok $view->sweep, 'swept';
    is_deeply [$view->service_name_list], ['b'];
    is_deeply $view->service_record('b')->{args}, ['x'], 'what was told again is kept';
    is_deeply [$view->file_descriptor_name_list, $view->signal_list], [];
    ok $view->is_known;
}

{
    my $view = view('service.args a old', 'service.env a A=old', 'service.auto_up a 5 always', 'service.run a 7 pid=9', 'env B=old');
    $view->mark;
    $view->process_event($_) for "service.args\ta\tnew", "service.env.apply\ta\tA=new", "env.apply\tB=new";
    ok $view->sweep, 'swept';
    my $record = $view->service_record('a');
    is_deeply [@$record{qw(args env auto_up run)}], [['new'], ['A=new'], undef, undef],
        'what is known of a service does not pass to another one of its name';
    is_deeply $view->environment, ['B=new'];
    ok $view->sweep, 'and once more';
    is_deeply [@$record{qw(args env)}], [['new'], ['A=new']], 'takes nothing more away';
}

{
    my $view = view('service.args a x', 'overflow');
    ok $view->overflowed;
    $view->mark;
    ok !$view->overflowed;
    $view->process_event('overflow');
    ok !$view->sweep, 'a dump with gaps takes nothing away';
    ok $view->service_record('a');
    ok !$view->is_known;
}

{
    my $view = view();
    my @told;
    $view->on(malformed => sub { push @told, $_[1] });
    is $view->process_event("service.state\tweb\tup\tsoon"), undef, 'not an event of the grammar';
    is $view->service_record('web'), undef, 'changes nothing';
    isa_ok $told[0], 'Daemonproxy::Error::Protocol';
}

{
    my $view = view();
    my @seen;
    my $one = $view->on(info => sub { push @seen, [one => @_[1 .. $#_]] });
    $view->on('*' => sub { push @seen, [all => @_[1 .. $#_]] });
    $view->process_event("info\thello");
    is_deeply \@seen, [[one => 'hello'], [all => 'info', 'hello']];
    $view->off($one);
    $view->process_event('echoed');
    is_deeply $seen[-1], [all => 'echoed'];
    is @seen, 3;
    ok !eval { $view->on('info'); 1 }, 'a handler is code';
}

{
    package Counting;
    our @ISA = ('Daemonproxy::View');
    sub process_event_job_done { my ($self, @fields) = @_; push @{ $self->{done} }, [@fields] }
    sub process_event_service_args { my $self = shift; $self->{args_seen}++; return $self->SUPER::process_event_service_args(@_) }
}
{
    my $view = Counting->new;
    $view->process_event("job.done\t7\t");
    $view->process_event("service.args\tweb\tx");
    is_deeply $view->{done}, [['7', '']], 'a subclass adds words of its own';
    is $view->{args_seen}, 1, 'and overrides what is there';
    ok $view->service_record('web');
    $view->process_event("handlers");
    pass 'a word that happens to be a method of something else does no harm';
}

{
    my $view = view('service.run web 7 starts=2 pid=77');
    ok !$view->run_is_over('web', 7), 'a run that goes on';
    ok $view->run_is_over('web', 6) && $view->run_is_over('gone', 1);
    $view->process_event(s/ /\t/gr)
        for 'service.run web 7 pid=77 failed=exec:2 end=9.5 exit=3 cpu=0.5 maxrss=80', 'service.run web 7 pid=77 failed=exec:2 end=9.5 exit=3 held next=12';
    ok $view->run_is_over('web', 7), 'it has ended';
    my ($number, $facts) = @{ $view->service_record('web')->{run} };
    is_deeply Daemonproxy::Line::facts(@$facts),
        { pid => 77, failed => { stage => 'exec', errno => 2 }, end => 9.5, exit => 3, cpu => 0.5, maxrss => 80, held => 1, next => 12 },
        'what is told once stays';
    $view->process_event("service.run\tweb\t8\tpid=78\tmood=good");
    is_deeply Daemonproxy::Line::facts(@{ $view->service_record('web')->{run}[1] }), { pid => 78, mood => 'good' }, 'for that run';
}

done_testing;
