package Daemonproxy::Daemon;

# A private daemon, for tests and for programs that bring their supervisor along. It ends when the
# object goes away.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use POSIX ();
use Scalar::Util ();

use Daemonproxy::Error;
use Daemonproxy::Stream;

# Those that are still alive at the end of the program. They must be ended before perl destroys
# everything.
my %alive;
END { $_->_leave for grep { defined } values %alive }

sub spawn {
    my ($class, %options) = @_;
    my $binary = defined $options{binary} ? $options{binary} : defined $ENV{DAEMONPROXY} ? $ENV{DAEMONPROXY} : 'daemonproxy';
    my @args = @{ $options{args} || [] };
    unshift @args, '-i' if $options{interactive};
    unshift @args, '-S', $options{socket} if defined $options{socket};
    my $self = bless { binary => $binary, socket => $options{socket}, owner => $$ }, $class;
    my ($their_in, $their_out, $failure_in, $failure_out);
    if ($options{interactive}) {
        _pipe($their_in, $self->{wr_handle});
        _pipe($self->{rd_handle}, $their_out);
    }
    _pipe($failure_in, $failure_out);    # closed by a successful exec, and otherwise says why it failed
    my $pid = fork;
    Daemonproxy::Error::System->throw("cannot fork: $!") unless defined $pid;
    if (!$pid) {
        my $ok = eval {
            POSIX::dup2(fileno $their_in,  0) // die "$!\n" if $their_in;
            POSIX::dup2(fileno $their_out, 1) // die "$!\n" if $their_out;
            POSIX::dup2(fileno $options{log}, 2) // die "$!\n" if $options{log};
            %ENV = %{ $options{env} } if $options{env};
            $SIG{$_} = 'DEFAULT' for qw(PIPE INT TERM HUP QUIT);
            no warnings 'exec';
            exec { $binary } $binary, @args or die "$!\n";
        };
        syswrite $failure_out, $@;
        POSIX::_exit(127);
    }
    $self->{pid} = $pid;
    close $failure_out;
    if (sysread $failure_in, my $reason, 4096) {
        waitpid $pid, 0;
        delete $self->{pid};
        chomp $reason;
        Daemonproxy::Error::System->throw("cannot run $binary: $reason");
    }
    Scalar::Util::weaken($alive{$pid} = $self);
    return $self;
}

sub _pipe { pipe $_[0], $_[1] or Daemonproxy::Error::System->throw("cannot make a pipe: $!") }

sub pid       { $_[0]{pid} }
sub rd_handle { $_[0]{rd_handle} }
sub wr_handle { $_[0]{wr_handle} }
sub socket    { $_[0]{socket} }

sub kill {
    my ($self, $signal) = @_;
    return defined $self->{pid} ? kill $signal, $self->{pid} : 0;
}

# A connection to its control socket, as soon as that is there.
sub connect {
    my ($self, %options) = @_;
    require Daemonproxy::Protocol;
    my $deadline = Daemonproxy::Stream::now() + 10;
    while (1) {
        my $conn = eval { Daemonproxy::Protocol->connect($self->{socket}, %options) };
        return $conn if $conn;
        my $error = $@;
        die $error if Daemonproxy::Stream::now() > $deadline || defined $self->wait(0);
        select undef, undef, undef, 0.005;
    }
}

# The wait status, as waitpid gives it, or undef when time is up. The system has no waitpid with a
# limit.
sub wait {
    my ($self, $timeout) = @_;
    return $self->{status} if defined $self->{status} || !defined $self->{pid};
    my $deadline = defined $timeout ? Daemonproxy::Stream::now() + $timeout : undef;
    while (1) {
        local ($?, $!);
        my $pid = waitpid $self->{pid}, defined $deadline ? POSIX::WNOHANG() : 0;
        if ($pid == $self->{pid}) {
            delete $self->{pid};
            return $self->{status} = $?;
        }
        return undef if $pid < 0 && !$!{EINTR};
        next if $pid < 0;
        return undef if Daemonproxy::Stream::now() >= $deadline;
        select undef, undef, undef, 0.005;
    }
}

# Ends it together with its services: in good order, and by force if that takes too long. A SIGTERM
# would not do, because it is just an event as long as a controller is connected.
sub stop {
    my ($self, $timeout) = @_;
    return $self->{status} unless defined $self->{pid};
    $timeout = 10 unless defined $timeout;
    my $ended = eval {
        my $out = $self->{wr_handle} || $self->_socket;
        local $SIG{PIPE} = 'IGNORE';
        syswrite $out, "terminate.shutdown\t2\t1\t1\n";
        $self->wait($timeout);
    };
    if (!defined $ended) {
        $self->kill('KILL');
        $self->wait($timeout);
    }
    delete @$self{qw(rd_handle wr_handle)};
    return $self->{status};
}

sub _socket {
    my ($self) = @_;
    require IO::Socket::UNIX;
    return IO::Socket::UNIX->new(Peer => $self->{socket}) || die "no connection: $!\n";
}

sub _leave {
    my ($self) = @_;
    return if $self->{owner} != $$ || !defined $self->{pid};
    local ($?, $!, $@);
    delete $alive{ $self->{pid} };
    $self->stop(5);
    return;
}

sub DESTROY { $_[0]->_leave }

1;

__END__

=head1 NAME

Daemonproxy::Daemon - a private daemon

=head1 SYNOPSIS

    my $conn = Daemonproxy::Protocol->spawn;    # talks to it over standard input and output

    my $daemon = Daemonproxy::Daemon->spawn(socket => "$dir/control");
    my $one    = $daemon->connect;
    my $other  = $daemon->connect;

=head1 METHODS

=over 4

=item spawn(OPTION => VALUE ...)

Starts a daemon. Dies with a L<System error|Daemonproxy::Error> if it cannot be executed. Options: C<binary> (the program; if not given, the environment
variable C<DAEMONPROXY>, or C<daemonproxy> searched in PATH), C<args> (an array reference), C<interactive> (the object has its standard input and
output), C<socket> (the path of a control socket), C<log> (a handle for its standard error), C<env> (a hash reference that replaces the
environment). With C<-T>, C<$ENV{PATH}> must be clean, as for every program that perl executes.

=item pid, socket, rd_handle, wr_handle

=item connect(OPTION => VALUE ...)

A L<Daemonproxy::Protocol> on its control socket. Waits until the socket is there.

=item kill(SIGNAL)

=item wait(SECONDS)

The status of the ended daemon as C<waitpid> gives it, or undef when time is up.

=item stop(SECONDS)

Ends it and its services with C<terminate.shutdown>, and with SIGKILL if that takes too long. Returns the status.
Also called when the object goes away.

=back

=cut
