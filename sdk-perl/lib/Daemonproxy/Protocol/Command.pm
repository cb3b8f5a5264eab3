package Daemonproxy::Protocol::Command;

# A command that was sent in such a way that it is known how it ended.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Daemonproxy::Error;

sub new {
    my ($class, %fields) = @_;
    return bless { complete => 0, warnings => [], callbacks => [], %fields }, $class;
}

sub conn     { $_[0]{conn} }
sub command  { $_[0]{command} }
sub args     { $_[0]{args} }
sub complete { $_[0]{complete} }
sub error    { $_[0]{error} }
sub ok       { $_[0]{complete} && !$_[0]{error} }
sub answer   { $_[0]{answer} }
sub warnings { @{ $_[0]{warnings} } }

# True when it was carried out, false when it was refused.
sub wait {
    my ($self, $timeout) = @_;
    my $conn = $self->{conn};
    $conn->wait_for(sub { $self->{complete} }, timeout => @_ > 1 ? $timeout : $conn->timeout,
        what => "the answer to $self->{command}")
        unless $self->{complete};
    $self->{error}->rethrow if $self->{error} && !$self->{error}->isa('Daemonproxy::Error::Refused');
    return $self->ok;
}

# Like wait, but also dies if it was refused.
sub check {
    my $self = shift;
    $self->wait(@_);
    $self->{error}->rethrow if $self->{error};
    return $self;
}

sub on_complete {
    my ($self, $code) = @_;
    if ($self->{complete}) { $code->($self) }
    else                   { push @{ $self->{callbacks} }, $code }
    return $self;
}

# For the connection: it has ended, with this error or successfully.
sub finish {
    my ($self, $error) = @_;
    return if $self->{complete};
    $self->{error} = $error if $error && !$self->{error};
    $self->{complete} = 1;
    for my $callback (splice @{ $self->{callbacks} }) {
        $self->{conn}->_guard("what was to follow `$self->{command}`", $callback, $self);
    }
    return;
}

1;

__END__

=head1 NAME

Daemonproxy::Protocol::Command - a command in progress

=head1 SYNOPSIS

    my $command = $conn->begin_cmd('service.start', 'web');
    $command->wait or warn $command->error->reason;

    $conn->service_start('web')->check;    # or die

=head1 METHODS

=over 4

=item conn, command, args

The connection, the name of the command, and its fields as an array reference.

=item complete

Whether it is known how it ended. It becomes true as events are read, see L<Daemonproxy::Protocol/pump_events>.

=item wait(SECONDS)

Reads events until it is complete. True if the command was carried out, false if it was refused. Dies when time is up
(the timeout of the connection, when none is given) and when the connection ends.

=item check(SECONDS)

The same, but also dies if it was refused. Returns the command.

=item ok

Whether it is complete and was carried out.

=item error

The L<error object|Daemonproxy::Error>, or undef.

=item warnings

The texts of the warnings that came with it.

=item answer

The level, for C<log.filter>.

=item on_complete(CODE)

Calls CODE with the command when it is complete, at once if it already is.

=item new, finish

For the connection.

=back

=cut
