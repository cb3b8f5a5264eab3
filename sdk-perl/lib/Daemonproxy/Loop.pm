package Daemonproxy::Loop;

# A run loop on IO::Poll: connections, other handles, timers. For programs that have no event loop
# yet; the examples show how a connection fits into others.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use IO::Handle ();
use IO::Poll qw(POLLIN POLLOUT POLLHUP POLLERR POLLNVAL);
use Scalar::Util ();

use Daemonproxy::Error;
use Daemonproxy::Stream;

# The loop that a connection makes for itself does not keep that connection alive.
sub new {
    my ($class, $owner) = @_;
    my $self = bless { owner => $owner, conns => [], watches => {}, timers => [], stopped => 0 }, $class;
    Scalar::Util::weaken($self->{owner}) if $owner;
    return $self;
}

# The connections that have not ended.
sub _conns {
    my ($self) = @_;
    $self->{conns} = [grep { !$_->is_closed } @{ $self->{conns} }];
    my $owner = $self->{owner};
    my @all = ($owner && !$owner->is_closed ? $owner : (), @{ $self->{conns} });
    return @all;
}

sub add {
    my ($self, $conn) = @_;
    push @{ $self->{conns} }, $conn;
    return $self;
}

sub remove {
    my ($self, $conn) = @_;
    @{ $self->{conns} } = grep { $_ != $conn } @{ $self->{conns} };
    return $self;
}

sub watch {
    my ($self, $handle, %on) = @_;
    my $fd = fileno $handle;
    Daemonproxy::Error::Usage->throw('watch needs an open file handle') unless defined $fd && $fd >= 0;
    if ($on{readable} || $on{writable}) { $self->{watches}{$fd} = { handle => $handle, %on } }
    else                                { delete $self->{watches}{$fd} }
    return $self;
}

sub after { my ($self, $seconds, $code) = @_; return $self->_timer($seconds, undef, $code) }
sub every { my ($self, $seconds, $code) = @_; return $self->_timer($seconds, $seconds, $code) }

sub _timer {
    my ($self, $seconds, $interval, $code) = @_;
    Daemonproxy::Error::Usage->throw('a timer needs seconds and a code reference')
        unless defined $seconds && ref $code eq 'CODE';
    my $timer = { at => Daemonproxy::Stream::now() + $seconds, interval => $interval, code => $code };
    push @{ $self->{timers} }, $timer;
    return $timer;
}

sub cancel {
    my ($self, $timer) = @_;
    $timer->{cancelled} = 1;
    @{ $self->{timers} } = grep { $_ != $timer } @{ $self->{timers} };
    return;
}

# One round: waits, then calls whatever is due. Returns false when there is nothing left to wait
# for.
sub once {
    my ($self, $timeout) = @_;
    # What was read earlier and not yet taken in would otherwise wait for the next event.
    my $taken = 0;
    $taken += $_->pump_events for $self->_conns;
    my $now = Daemonproxy::Stream::now();
    my ($next) = sort { $a <=> $b } map { $_->{at} } @{ $self->{timers} };
    my $wait = $timeout;
    if (defined $next) {
        my $left = $next > $now ? $next - $now : 0;
        $wait = $left if !defined $wait || $left < $wait;
    }
    $wait = 0 if $taken || $self->{stopped};    # the condition of `run` may hold by now
    my (%mask, %conn);
    for my $conn ($self->_conns) {
        $mask{ $conn->fileno } |= POLLIN;
        $mask{ $conn->wr_fileno } |= POLLOUT if $conn->want_write;
        $conn{$_} = $conn for grep { defined } $conn->fileno, $conn->wr_fileno;
    }
    for my $fd (keys %{ $self->{watches} }) {
        my $watch = $self->{watches}{$fd};
        $mask{$fd} |= ($watch->{readable} ? POLLIN : 0) | ($watch->{writable} ? POLLOUT : 0);
    }
    return 0 unless %mask || defined $next;
    my $ready = $self->_poll(\%mask, $wait);
    for my $fd (keys %$ready) {
        my $events = $ready->{$fd};
        if (my $conn = $conn{$fd}) {
            $conn->on_writable if $conn->want_write;
            $conn->on_readable;
        }
        my $watch = $self->{watches}{$fd} or next;
        $self->_guard('what watches a handle', $watch->{readable}, $watch->{handle})
            if $watch->{readable} && $events & (POLLIN | POLLHUP | POLLERR);
        $self->_guard('what watches a handle', $watch->{writable}, $watch->{handle})
            if $watch->{writable} && $events & (POLLOUT | POLLERR) && $self->{watches}{$fd};
        delete $self->{watches}{$fd} if $events & POLLNVAL;
    }
    $self->_run_timers;
    return 1;
}

sub _poll {
    my ($self, $mask, $wait) = @_;
    my $poll = IO::Poll->new;
    my %fd;
    for my $fd (keys %$mask) {
        my $handle = $self->_handle_of($fd) or next;
        $poll->mask($handle => $mask->{$fd});
        $fd{$fd} = $handle;
    }
    my $found = $poll->poll(defined $wait ? $wait : -1);
    return {} if $found <= 0;
    return { map { my $events = $poll->events($fd{$_}); $events ? ($_ => $events) : () } keys %fd };
}

sub _handle_of {
    my ($self, $fd) = @_;
    return $self->{watches}{$fd}{handle} if $self->{watches}{$fd};
    for my $conn ($self->_conns) {
        return $conn->rd_handle if defined $conn->fileno && $conn->fileno == $fd;
        return $conn->wr_handle if defined $conn->wr_fileno && $conn->wr_fileno == $fd;
    }
    return undef;
}

sub _run_timers {
    my ($self) = @_;
    my $now = Daemonproxy::Stream::now();
    for my $timer (sort { $a->{at} <=> $b->{at} } grep { $_->{at} <= $now } @{ $self->{timers} }) {
        next if $timer->{cancelled};
        if (defined $timer->{interval}) {
            $timer->{at} += $timer->{interval};
            $timer->{at} = $now + $timer->{interval} if $timer->{at} < $now;    # never make up for lost rounds
        }
        else { $self->cancel($timer) }
        $self->_guard('a timer', $timer->{code}, $self);
    }
    return;
}

# Errors of timers and handles are reported like those of the connection's handlers.
sub _guard {
    my ($self, $what, $code, @args) = @_;
    my ($conn) = ($self->{owner}, @{ $self->{conns} });
    return $conn->_guard($what, $code, @args) if $conn;
    return if eval { $code->(@args); 1 };
    warn "$what died: $@";
    return;
}

# Runs until it is stopped, until the condition holds, until time is up, or until no connection and
# no timer is left.
sub run {
    my ($self, %options) = @_;
    my $until = $options{until};
    my $deadline = defined $options{timeout} ? Daemonproxy::Stream::now() + $options{timeout} : undef;
    my $had_conns = () = $self->_conns;
    local $self->{stopped} = 0;
    while (!$self->{stopped}) {
        return 1 if $until && $until->();
        my $left = defined $deadline ? $deadline - Daemonproxy::Stream::now() : undef;
        last if defined $left && $left <= 0;
        last unless $self->once($left);
        last if $had_conns && !$self->_conns;
    }
    return $until && $until->() ? 1 : 0;
}

sub stop { $_[0]{stopped} = 1; return }

1;

__END__

=head1 NAME

Daemonproxy::Loop - a run loop on IO::Poll

=head1 SYNOPSIS

    my $conn = Daemonproxy::Protocol->new;
    $conn->on('signal' => sub { my ($conn, $signal, $at, $count) = @_; ... });
    $conn->every(60, sub { ... });
    $conn->run;

=head1 DESCRIPTION

Every connection makes itself a loop when C<run>, C<after>, C<every> or C<loop> is called on it. For more than one
connection make a loop and C<add> them. Time is that of a clock which nobody sets.

A timer or a handle whose CODE dies is told like a handler that dies: see L<Daemonproxy::View/on_error>.

Waiting methods of a connection, such as C<wait_for> and C<flush>, read events of that connection only. Timers and other handles
wait meanwhile.

=head1 METHODS

=over 4

=item new(CONN)

A loop. It runs CONN, if given, and does not keep it alive.

=item add(CONN), remove(CONN)

=item watch(HANDLE, readable => CODE, writable => CODE)

Calls CODE with the handle. With neither, stops watching it.

=item after(SECONDS, CODE), every(SECONDS, CODE)

Timers. They return something that cancels them:

=item cancel(TIMER)

=item run(until => CONDITION, timeout => SECONDS)

Runs until C<stop>, until CONDITION returns true (it is called after each round), until SECONDS have passed, or
until the last connection has ended. True if the condition holds.

=item once(SECONDS)

One round, which waits at most this long.

=item stop

=back

=cut
