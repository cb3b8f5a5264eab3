package Daemonproxy::Protocol::Service;

# A service, by its name. There is an object for every name; it is true while the service exists.
# Its values are those of the last event about the service.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Scalar::Util ();
use overload
    bool => sub { $_[0]->exists },
    '""' => sub { $_[0]->name },
    '==' => sub { _same($_[0], $_[1]) },
    '!=' => sub { !_same($_[0], $_[1]) },
    fallback => 1;

use Daemonproxy::Error;
use Daemonproxy::Grammar ();
use Daemonproxy::Line ();
use Daemonproxy::Stream ();

sub new {
    my ($class, $conn, $name) = @_;
    $name = "$name";
    Daemonproxy::Error::Usage->throw("`$name` is not the name of a service") unless Daemonproxy::Line::is_name($name);
    return bless { conn => $conn, name => $name }, $class;
}

sub _same {
    my ($one, $other) = @_;
    return ref $other && Scalar::Util::blessed($other) && $other->isa(__PACKAGE__)
        && $one->{name} eq $other->{name}
        && Scalar::Util::refaddr($one->{conn}) == Scalar::Util::refaddr($other->{conn});
}

sub conn   { $_[0]{conn} }
sub name   { $_[0]{name} }
sub exists { $_[0]->_record ? 1 : 0 }

sub _record { $_[0]{conn}->service_record($_[0]{name}) }

# A field of service.state. If no event has reported it, that is the state of a service that has
# never run.
sub _state {
    my ($self, $field) = @_;
    my $record = $self->_record or return undef;
    my $value = $record->{state} ? $record->{state}[$field] : $field ? '-' : 'down';
    return $value eq '-' ? undef : $value;
}

sub state       { $_[0]->_state(0) }
sub timestamp   { $_[0]->_state(1) }
sub pid         { $_[0]->_state(2) }
sub exit_reason { $_[0]->_state(3) }
sub exit_value  { $_[0]->_state(4) }

# Events use CLOCK_MONOTONIC, of which a machine has only one.
sub uptime {
    my ($self) = @_;
    return $self->is_running ? _since($self->timestamp) : $self->_state(5);
}

sub downtime {
    my ($self) = @_;
    return $self->is_reaped ? _since($self->timestamp) : $self->_state(6);
}

sub _since {
    my $seconds = int(Daemonproxy::Stream::now()) - $_[0];
    return $seconds > 0 ? $seconds : 0;
}


# The run that goes on, or else the last one; nothing if the daemon has told nothing of it.
sub run {
    my ($self) = @_;
    my $record = $self->_record or return undef;
    my $run = $record->{run} or return undef;
    return { number => 0 + $run->[0], %{ Daemonproxy::Line::facts(@{ $run->[1] }) } };
}

sub is_running  { ($_[0]->state || '') eq 'up' ? 1 : 0 }
sub is_starting { ($_[0]->state || '') eq 'start' ? 1 : 0 }
sub is_down     { ($_[0]->state || '') eq 'down' ? 1 : 0 }
sub is_reaped   { $_[0]->is_down && defined $_[0]->exit_reason ? 1 : 0 }

sub _list { my $record = $_[0]->_record or return (); return @{ $record->{ $_[1] } || [] } }

sub arg_list { $_[0]->_list('args') }
sub fd_list  { $_[0]->_list('fds') }
sub tag_list { $_[0]->_list('tags') }

sub arguments        { my $self = shift; return @_ ? $self->set_arguments(@_)        : [$self->arg_list] }
sub file_descriptors { my $self = shift; return @_ ? $self->set_file_descriptors(@_) : [$self->fd_list] }
sub tags             { my $self = shift; return @_ ? $self->set_tags(@_)             : [$self->tag_list] }

sub set_arguments        { my $self = shift; return $self->{conn}->call('service.args', $self->{name}, _flat(@_)) }
sub set_file_descriptors { my $self = shift; return $self->{conn}->call('service.fds',  $self->{name}, _flat(@_)) }

sub set_tags {
    my ($self, @tags) = @_;
    if (@tags == 1 && ref $tags[0] eq 'HASH') {
        my $hash = $tags[0];
        @tags = map { "$_=$hash->{$_}" } grep { defined $hash->{$_} } sort keys %$hash;
    }
    else { @tags = _flat(@tags) }
    $self->{conn}{unsettled}{ $self->{name} } = 1;
    return $self->{conn}->call('service.tags', $self->{name}, @tags);
}

sub _flat { map { ref $_ eq 'ARRAY' ? @$_ : $_ } @_ }

# A bare tag is 1, `k=` is the empty string, one that is missing is undef.
sub tag_values {
    my ($self, @keys) = @_;
    my $as_array = @keys == 1 && ref $keys[0] eq 'ARRAY';
    my $single = @keys == 1 && !$as_array;
    my %value;
    for my $tag ($self->tag_list) {
        my ($key, $value) = split /=/, $tag, 2;
        $value{$key} = defined $value ? $value : 1 if defined $key;
    }
    my @values = @value{ $as_array ? @{ $keys[0] } : @keys };
    return $as_array ? \@values : $single ? $values[0] : @values;
}

sub set_tag_values {
    my ($self, @pairs) = @_;
    @pairs = %{ $pairs[0] } if @pairs == 1 && ref $pairs[0] eq 'HASH';
    Daemonproxy::Error::Usage->throw('set_tag_values takes pairs of a key and a value') if @pairs % 2;
    my $conn = $self->{conn};
    # What was set a moment ago must be known before changing anything in it.
    $conn->flush if $conn->{unsettled}{ $self->{name} };
    my @tags = $self->tag_list;
    while (my ($key, $value) = splice @pairs, 0, 2) {
        my $new = defined $value ? "$key=$value" : undef;
        my @merged;
        for my $tag (@tags) {
            if ($tag eq $key || index($tag, "$key=") == 0) {
                push @merged, $new if defined $new;
                $new = undef;
            }
            else { push @merged, $tag }
        }
        push @merged, $new if defined $new;
        @tags = @merged;
    }
    return $self->set_tags(\@tags);
}

sub auto_up_interval {
    my $record = $_[0]->_record or return undef;
    my $interval = $record->{auto_up} ? $record->{auto_up}[0] : '-';
    return $interval eq '-' ? undef : $interval;
}

sub auto_up_triggers {
    my $record = $_[0]->_record or return ();
    my (undef, @triggers) = @{ $record->{auto_up} || [] };
    return @triggers;
}

sub set_auto_up { my $self = shift; return $self->{conn}->call('service.auto_up', $self->{name}, _flat(@_)) }
sub start       { my $self = shift; return $self->{conn}->call('service.start',   $self->{name}, @_) }
sub cancel      { my $self = shift; return $self->{conn}->call('service.start',   $self->{name}, '-') }
sub delete      { my $self = shift; return $self->{conn}->call('service.delete',  $self->{name}) }
sub signal      { my ($self, $signal) = @_; return $self->{conn}->call('service.signal', $self->{name}, $signal) }

sub signal_pgroup { my ($self, $signal) = @_; return $self->{conn}->call('service.signal', $self->{name}, $signal, 'group') }
sub apply_tags    { my $self = shift; return $self->{conn}->call('service.tags.apply', $self->{name}, _flat(@_)) }
sub pipe          { my ($self, $fds, @args) = @_; return $self->{conn}->call('service.pipe', $self->{name}, $fds, _flat(@args)) }
sub wait_for_end {
    my ($self, $number, @timeout) = @_;
    if (!defined $number) {
        Daemonproxy::Error::Usage->throw("there is no service $self->{name} whose run could end") unless $self->exists;
        $number = ($self->run || { number => 0 })->{number};
    }
    return $self->{conn}->wait_for_end($self->{name}, $number, @timeout);
}
sub wait_for      { my $self = shift; return $self->{conn}->wait_for_service($self->{name}, @_) }

# A list that an event told, under the last word of its name: what `service.args` says is
# list_of('args').
sub list_of { my ($self, $what) = @_; return $self->_list($what) }

{
    no warnings 'once';
    *args     = \&arguments;
    *fds      = \&file_descriptors;
    *set_args = \&set_arguments;
    *set_fds  = \&set_file_descriptors;
}

# Every other command about a service: service.restart is restart.
for my $command (@Daemonproxy::Grammar::COMMANDS) {
    my ($method) = $command->{name} =~ /\Aservice\.([\w.]+)\z/ or next;
    $method =~ tr/./_/;
    no strict 'refs';
    *$method = sub { my $self = shift; return $self->{conn}->call($command->{name}, $self->{name}, _flat(@_)) } unless defined &$method;
}

1;

__END__

=head1 NAME

Daemonproxy::Protocol::Service - a service of the daemon

=head1 SYNOPSIS

    my $web = $conn->service('web');
    $web->set_args('httpd', '-p', 80);
    $web->start->check unless $web->is_running;
    say $web->name, ' has pid ', $web->pid;

=head1 DESCRIPTION

There is an object for every name, even if no such service exists; C<if ($web)> asks whether it
does. Its string is its name. Methods that change something send a command. They return a L<command
object|Daemonproxy::Protocol::Command>, or nothing in void context. What they changed shows once the
event has been read.

=head1 METHODS

=over 4

=item conn, name, exists

=item state

C<down>, C<start> or C<up>; undef when there is no such service.

=item timestamp, pid, exit_reason, exit_value, uptime, downtime

The fields of the last C<service.state>, undef where it says nothing. C<uptime> of a service that is up and C<downtime> of one that has ended are
the seconds until now. C<pid> is also that of a service that has ended.
C<exit_reason> is C<exit> or C<signal>, C<exit_value> the status or the name of the signal.

=item is_running, is_starting, is_down, is_reaped

C<is_reaped>: it is down, and has run before.

=item arguments, args, file_descriptors, fds, tags

An array reference; or, given a list or an array reference, the same as the C<set_> methods.

=item arg_list, fd_list, tag_list

The same as lists.

=item list_of(WHAT)

The list that the event C<service.WHAT> reported last, such as C<args>; for lists without a method of
their own.

=item set_arguments, set_args, set_file_descriptors, set_fds

Take a list or an array reference.

=item set_tags

Takes a list, an array reference, or a hash reference of keys and values.

=item tag_values(KEY ...)

The values of tags. A tag without C<=> has the value 1, C<key=> the empty string, one that is missing undef. One key gives a
scalar, several give a list, an array reference gives an array reference.

=item set_tag_values(KEY => VALUE ...)

Changes these tags and keeps the others; undef deletes. If the tags were changed a moment ago it waits until the daemon
has said so. To be safe from other controllers use C<apply_tags>.

=item apply_tags(CHANGE ...)

C<service.tags.apply>, of protocol 2.

=item auto_up_interval, auto_up_triggers, set_auto_up(INTERVAL, TRIGGER ...)

What starts it by itself: C<always>, signals, and conditions such as C<ready:db>. Of several triggers one is enough; one with
commas, C<ready:db,up:cache>, holds when all of its parts do.

=item start(TIMESTAMP), cancel

Starts it, now or at that time; cancels a pending start.

=item signal(SIGNAL), signal_pgroup(SIGNAL)

=item delete

=item pipe(FDS, ARG ...)

Gives it a logger: C<service.pipe>, of protocol 2. FDS is C<1,2> or an array reference.

=item auto_up(INTERVAL, TRIGGER ...)

The same as C<set_auto_up>.

=item stop(SECONDS), restart(SECONDS), release

Stops it in good order and holds it: no trigger starts it until it is started or released; stops it and starts it as
soon as nothing of it is left; ends a hold.

=item reload

Asks it to read its configuration again: SIGHUP, or what the option C<reload=> says.

=item options(OPTION ...), options_apply(CHANGE ...)

How its process differs: C<< options('umask=022', 'no_new_privs') >>; changes to single ones, C<-KEY> takes one out.

=item ready, deadman

Says that one with C<ready=control> is ready; vouches for one with C<deadman=>.

=item tags_apply(CHANGE ...)

And every other command of the grammar that begins with C<service.>, with C<_> for further dots.

=item run

The run that goes on, or else the last one, as a hash reference: its C<number>, which is never used twice, and what is
known of it (L<Daemonproxy::Grammar/FACTS>), such as C<starts why failed exit signal next>. Undef with a daemon of
protocol 1, and before the first L<sync|Daemonproxy::Protocol/sync>.

=item wait_for_end(NUMBER, SECONDS)

Reads events until this run has ended, however soon the next one begins; without NUMBER, the run that goes on now.

=item wait_for(STATE, SECONDS)

Reads events until it is C<down>, C<start>, C<up> or C<deleted>.

=item new(CONN, NAME)

=back

=cut
