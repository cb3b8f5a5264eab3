package Daemonproxy::View;

# What a controller knows about the daemon, put together from events. It does no I/O: give it lines,
# in the order in which they came.
#
# After a gap in the events nothing is thrown away at once. `mark` makes everything doubtful, a dump
# confirms what is still there, `sweep` forgets the rest. That goes for each fact of a service:
# another one of its name can be made during a dump, after its place there.
#
# This is the hot path of a controller: records are plain arrays of the fields as they came, and
# they are interpreted when somebody asks.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Daemonproxy::Error;
use Daemonproxy::Event ();
use Daemonproxy::Grammar;
use Daemonproxy::Line ();

# For each event: the pattern of its line and the method that takes it in. Another event may be
# taken in by a subclass; it has no pattern.
my %PATTERN = map { $_->{name} => $_->{regex} } @Daemonproxy::Grammar::EVENTS;
my %METHOD;

# Words that are events only if fields follow. Alone they are somebody's echo.
my %ECHO = map { $_->{name} => 1 } grep { $_->{needs_fields} } @Daemonproxy::Grammar::EVENTS;

sub new {
    my ($class, %options) = @_;
    my $self = bless {}, $class;
    $self->_init_view;
    return $self;
}

sub _init_view {
    my ($self) = @_;
    $self->{services}   = {};
    $self->{fds}        = {};
    $self->{signals}    = {};
    $self->{settings}   = {};
    $self->{environment} = [];
    $self->{doubtful}   = 0;    # so many of the environment
    $self->{generation} = 0;
    $self->{overflowed} = 0;
    $self->{known}      = 0;
    $self->{handlers}   = {};
    return;
}

# Takes in one line. Returns the name of the event, or nothing if the line breaks the grammar.
sub process_event {
    my ($self, $line) = @_;
    chomp $line;
    my ($event, @fields) = split /\t/, $line, -1;
    $event = '' unless defined $event;
    if (my $pattern = $PATTERN{$event}) {
        return $self->_malformed($line) unless $line =~ $pattern || $ECHO{$line};
    }
    my $method = $METHOD{ ref $self }{$event} || $self->_method_for($event);
    $self->$method(@fields) if $method;
    my $handlers = $self->{handlers};
    if (%$handlers) {
        $self->_call($event, @fields) if $handlers->{$event};
        $self->_call('*', $event, @fields) if $handlers->{'*'};
    }
    return $event;
}

# The events of the grammar have a method each, and so have words that a subclass knows. Other words
# are not remembered, or the table would grow with every echo.
sub _method_for {
    my ($self, $event) = @_;
    my ($name) = $event =~ /\A([A-Za-z][A-Za-z0-9_.]*)\z/ or return;
    my $method = $self->can('process_event_' . $name =~ tr/./_/r) or return;
    return $METHOD{ ref $self }{$event} = $method;
}

sub _malformed {
    my ($self, $line) = @_;
    $self->{malformed}++;
    if ($self->{handlers}{malformed}) {
        my $error = Daemonproxy::Error::Protocol->new(message => Daemonproxy::Line::check_event($line), line => $line);
        $self->_call('malformed', $error);
    }
    return;
}

sub process_event_service_state {
    my ($self, $name, @state) = @_;
    if ($state[0] eq 'deleted') { delete $self->{services}{$name}; return }
    $self->_set_fact($name, 'state', \@state);
    return;
}

sub _set_fact {
    my ($self, $name, $what, $fact) = @_;
    my $service = $self->{services}{$name} ||= {};
    $service->{generation} = $self->{generation};
    $service->{$what}      = $fact;
    delete $service->{old}{$what} if $service->{old};
    return;
}

# An event that says what some list of a service is now is taken in under its last word.
for my $event (@Daemonproxy::Grammar::EVENTS) {
    my ($what) = $event->{name} =~ /\Aservice\.(\w+)\z/ or next;
    my @args = @{ $event->{args} };
    next unless @args == 2 && $args[0][1] eq 'service' && $args[1][2] eq '*';
    no strict 'refs';
    *{"process_event_service_$what"} = sub { shift->_set_list($what, @_) };
}

# Facts that are told only once stay as long as it is about the same run.
sub process_event_service_run {
    my ($self, $name, $number, @facts) = @_;
    my $before = $self->{services}{$name} && $self->{services}{$name}{run};
    my %known = map { (split /=/, $_, 2)[0] => 1 } @facts;
    push @facts, grep { my ($key) = split /=/, $_, 2; !$known{$key} && ($Daemonproxy::Grammar::FACT{$key} || {})->{once} }
        @{ $before->[1] } if $before && $before->[0] == $number;
    $self->_set_fact($name, 'run', [$number, \@facts]);
    return;
}

sub process_event_service_auto_up {
    my ($self, $name, $interval, @triggers) = @_;
    @triggers = () if @triggers == 1 && $triggers[0] eq '';
    $self->_set_fact($name, 'auto_up', [$interval, @triggers]);
    return;
}

sub _set_list {
    my ($self, $what, $name, @list) = @_;
    $self->_set_fact($name, $what, @list == 1 && $list[0] eq '' ? [] : \@list);
    return;
}

# What was too long for a line goes on in events that add to the list.
sub process_event_service_env_apply {
    my ($self, $name, @more) = @_;
    my $service = $self->{services}{$name} || {};
    my ($known, $old) = ($service->{env} || [], $service->{old} && $service->{old}{env});
    $self->_set_list('env', $name, @$known, @more);
    $service->{old}{env} = $old if $old;    # what was there before is as doubtful as it was
    return;
}

sub process_event_fd_state {
    my ($self, $name, @state) = @_;
    if (@state == 1) { delete $self->{fds}{$name}; return }
    $self->{fds}{$name} = { generation => $self->{generation}, state => \@state };
    return;
}

sub process_event_signal {
    my ($self, $signal, $at, $count) = @_;
    if ($count == 0) { delete $self->{signals}{$signal}; return }
    $self->{signals}{$signal} = { generation => $self->{generation}, state => [$at, $count] };
    return;
}

# The settings of the daemon itself: the last event of each, by what it is about.
for my $event (qw(log.filter log.dest terminate.exec_args chdir signal.default socket.create)) {
    my $method = 'process_event_' . $event =~ tr/./_/r;
    no strict 'refs';
    *$method = sub { shift->_set_setting($event, @_) };
}

sub _set_setting {
    my ($self, $event, @fields) = @_;
    return unless @fields;    # It is somebody's echo.
    $self->{log_filter} = $fields[0] if $event eq 'log.filter';
    my ($of) = $event eq 'signal.default' ? $fields[0] : $event eq 'socket.create' ? _socket_name($fields[0]) : ();
    @fields = () if $event eq 'terminate.exec_args' && @fields == 1 && $fields[0] eq '';
    my $key = "$event\t" . (defined $of ? $of : '');
    $self->{settings}{$key} = { generation => $self->{generation}, state => [$event, @fields] };
    return;
}

sub _socket_name { return $_[0] =~ /(?:\A|,)name=([^,]+)/ ? $1 : () }

sub process_event_socket_delete {
    my ($self, $name) = @_;
    delete $self->{settings}{ "socket.create\t" . (defined $name ? $name : '') };
    return;
}

sub process_event_env {
    my ($self, @items) = @_;
    return unless @items;    # It is somebody's echo.
    $self->{environment} = @items == 1 && $items[0] eq '' ? [] : \@items;
    $self->{doubtful} = 0;
    return;
}

sub process_event_env_apply {
    my ($self, @items) = @_;
    $self->{environment} = [@{ $self->{environment} }, @items];
    return;
}

sub process_event_terminate_state { $_[0]{shutdown} = [@_[1, 2]]; return }
sub process_event_overflow        { $_[0]{overflowed} = 1; return }

sub mark {
    my ($self) = @_;
    $self->{generation}++;
    $self->{overflowed} = 0;
    $self->{doubtful} = @{ $self->{environment} };
    for my $service (values %{ $self->{services} }) {
        # For each fact how many elements of its list are in doubt.
        delete $service->{old};
        $service->{old} = { map { $_ => scalar @{ $service->{$_} } } grep { $_ ne 'generation' } keys %$service };
    }
    return;
}

sub sweep {
    my ($self) = @_;
    return 0 if $self->{overflowed};
    for my $table (@$self{qw(services fds signals settings)}) {
        delete @$table{ grep { $table->{$_}{generation} != $self->{generation} } keys %$table };
    }
    # What was not told again was of another service.
    for my $service (values %{ $self->{services} }) {
        my $old = delete $service->{old} or next;
        for my $what (keys %$old) {
            if ($what eq 'env') { splice @{ $service->{env} }, 0, $old->{env} }
            else                { delete $service->{$what} }
        }
    }
    splice @{ $self->{environment} }, 0, $self->{doubtful};
    $self->{doubtful} = 0;
    $self->{known} = 1;
    return 1;
}

sub is_known   { $_[0]{known} }
sub overflowed { $_[0]{overflowed} }

sub service_record { $_[0]{services}{ $_[1] } }
# Whether this run of a service has ended.
sub run_is_over {
    my ($self, $name, $number) = @_;
    my $record = $self->{services}{$name} or return 1;
    my $run = $record->{run} or return 0;
    return $run->[0] > $number || $run->[0] == $number && !!grep { /\Aend=/ } @{ $run->[1] };
}
sub fd_record      { $_[0]{fds}{ $_[1] } }

sub service_name_list         { sort keys %{ $_[0]{services} } }
sub file_descriptor_name_list { sort keys %{ $_[0]{fds} } }
sub signal_list               { sort keys %{ $_[0]{signals} } }

sub pending_signal {
    my ($self, $signal) = @_;
    my $name = Daemonproxy::Line::signal_name($signal);
    my $known = defined $name && $self->{signals}{$name};
    return $known ? $known->{state}[1] : 0;
}

# Events report counts when a signal comes but not when it is cleared: whoever clears one says so.
sub cleared_signal {
    my ($self, $signal, $count) = @_;
    my $name = Daemonproxy::Line::signal_name($signal);
    my $known = defined $name && $self->{signals}{$name} or return;
    $known->{state}[1] -= $count;
    delete $self->{signals}{$name} if $known->{state}[1] <= 0;
    return;
}

sub filter         { $_[0]{log_filter} }
sub environment    { [@{ $_[0]{environment} }] }
sub settings       { my $all = $_[0]{settings}; return [map { [@{ $all->{$_}{state} }] } sort keys %$all] }
sub shutdown_state { $_[0]{shutdown} ? @{ $_[0]{shutdown} } : () }

sub on {
    my ($self, $event, @how) = @_;
    my $filter = @how == 2 ? shift @how : undef;
    my $code = shift @how;
    Daemonproxy::Error::Usage->throw("on('$event') needs a code reference") unless ref $code eq 'CODE';
    Daemonproxy::Error::Usage->throw("on('$event') takes a filter as a hash reference") if defined $filter && ref $filter ne 'HASH';
    if ($filter) {
        my ($is_wanted, $wants_it) = (Daemonproxy::Event::filter($event, $filter), $code);
        $code = sub {
            my $named = Daemonproxy::Event::named($event, @_[1 .. $#_]);
            $wants_it->($_[0], $named) if $is_wanted->($named);
        };
    }
    my $handler = [$event, $code, $filter];
    # A new list: somebody may be iterating over the old one.
    $self->{handlers}{$event} = [@{ $self->{handlers}{$event} || [] }, $handler];
    return $handler;
}

sub off {
    my ($self, $handler) = @_;
    my $event = $handler->[0];
    my @left = grep { $_ != $handler } @{ $self->{handlers}{$event} || [] };
    if (@left) { $self->{handlers}{$event} = \@left }
    else       { delete $self->{handlers}{$event} }
    return;
}

sub _call {
    my ($self, $event, @fields) = @_;
    # A variable of its own for each round: `$_` would be an alias of the list, and
    # `while (<$file>)` in a handler would write into it.
    for my $handler (@{ $self->{handlers}{$event} || [] }) {
        $self->_guard("a handler of `$event`", $handler->[1], $self, @fields);
    }
    return;
}

sub on_error {
    my ($self, $code) = @_;
    Daemonproxy::Error::Usage->throw('on_error needs a code reference') unless ref $code eq 'CODE';
    $self->{on_error} = $code;
    return $self;
}

# Calls code of the user. If it dies, that is reported but is no reason to stop: others wait for the
# same event, and the method that happens to be reading has another purpose.
sub _guard {
    my ($self, $what, $code, @args) = @_;
    return if eval { $code->(@args); 1 };
    my $error = $@;
    if ($self->{on_error}) { $self->{on_error}->($self, $error, $what) }
    else                   { warn "$what died: $error" }
    return;
}

1;

__END__

=head1 NAME

Daemonproxy::View - what a controller knows about the daemon

=head1 SYNOPSIS

    my $view = Daemonproxy::View->new;
    $view->on('service.state' => sub { my ($view, $name, $state) = @_; say "$name is $state" });
    $view->process_event($_) while <$recording>;
    say for $view->service_name_list;

=head1 DESCRIPTION

Turns events into services, file descriptors and signals. L<Daemonproxy::Protocol> is a view with a
connection; a view alone is useful for recorded events and for tests.

=head1 METHODS

=over 4

=item new

A view that knows nothing.

=item process_event(LINE)

Takes in one line, with or without its LF: calls the method C<process_event_NAME> (dots become C<_>) with the fields, then the
handlers set with C<on>. A subclass may override these methods, and add some for words of its own. Returns
the name of the event, or nothing if the line is not what the grammar says about that event; such a
line changes nothing.

=item process_event_service_state(NAME, STATE, ...)

=item process_event_service_args(NAME, ARG ...)

=item process_event_service_fds(NAME, FD ...)

=item process_event_service_tags(NAME, TAG ...)

=item process_event_service_auto_up(NAME, INTERVAL, TRIGGER ...)

=item process_event_fd_state(NAME, TYPE, FLAGS, DESCRIPTION)

=item process_event_signal(SIGNAL, TIMESTAMP, COUNT)

=item process_event_log_filter(LEVEL)

=item process_event_terminate_state(PHASE, REMAINING)

=item process_event_service_run(NAME, RUN, FACT ...)

=item process_event_service_options(NAME, OPTION ...)

=item process_event_service_env(NAME, ITEM ...), process_event_service_env_apply(NAME, CHANGE ...)

=item process_event_env(ITEM ...), process_event_env_apply(CHANGE ...)

=item process_event_chdir(PATH), process_event_log_dest(TYPE, NAME), process_event_signal_default(SIGNAL, ACTION)

=item process_event_socket_create(OPTIONS, PATH), process_event_socket_delete(NAME)

=item process_event_terminate_exec_args(ARG ...)

=item process_event_overflow

The methods that take in each event. One that overrides them should call its C<SUPER::>.

=item on(EVENT => CODE)

Calls CODE with the view and the fields after each EVENT was taken in. EVENT may also be C<*> (every line, with the name of the event
in front of the fields) and C<malformed> (a line that breaks the grammar, as a L<Protocol error|Daemonproxy::Error>). Returns something
that removes it again:

=item on(EVENT, \%FILTER, CODE)

Calls CODE with the view and the event by the names of its fields, a hash reference as in L<Daemonproxy::Event>, if every field in FILTER has
the value given there. An empty FILTER is for all of them. A field or a value that can never occur
is refused at once.

=item on_error(CODE)

A handler that dies does not keep others from the event, nor does it disturb the method that happens to read it: the error is
a warning. With this, CODE is called instead, with the view, the error, and what died in words. What CODE itself dies of
comes out of the method that reads.

=item off(HANDLER)

=item mark

From here on the view notes what is still there. Call it when an echo that was sent just before
C<statedump> is back: until then, news of a signal that was cleared meanwhile may be on its way, and no
event reports that.

=item sweep

Forgets what was not mentioned since L</mark>, of a service that stays each such fact (it was of another one that had its
name), and returns true. After an C<overflow> in between, the
dump has gaps: then it does nothing and returns false.

=item is_known

Whether a sweep has ever been completed.

=item overflowed

Whether events were missed since the last L</mark>.

=item run_is_over(NAME, NUMBER)

Whether this run of a service has ended, or the service is gone.

=item service_name_list, file_descriptor_name_list, signal_list

Names, sorted by bytes.

=item service_record(NAME), fd_record(NAME)

What is known, as a hash of the fields as they came, or undef: C<state>, and for services C<args fds tags auto_up>, each an array.
Do not change it. L<Daemonproxy::Protocol::Service> shows it nicely.

=item pending_signal(SIGNAL)

The pending count as last reported.

=item cleared_signal(SIGNAL, COUNT)

Takes COUNT off what the view knows, since no event does.

=item filter

The log filter, if it was ever reported.

=item settings

The settings of the daemon itself as the commands that set them, each an array of fields, such as C<['log.dest', 'fd', 'stderr']>:
C<chdir>, C<log.dest>, C<log.filter>, C<signal.default> for each signal, C<socket.create> for each control socket, and
C<terminate.exec_args>. A reference to an array, in an order in which they can be sent. The daemon tells them to connections
with the feature C<settings>; see L<Daemonproxy::Protocol/WHAT THERE IS>.

=item environment

What is different in the environment of every service (C<env>), as a reference to an array of items such as C<LANG=C>, C<!TZ>. It is told
with the feature C<settings>, too.

=item shutdown_state

The phase of an orderly shutdown and how many services remain, or nothing.

=back

=cut
