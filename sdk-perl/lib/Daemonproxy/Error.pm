package Daemonproxy::Error;

# What goes wrong, as objects. The class says whose fault it is, so that a caller can tell its own
# mistake from an answer of the daemon and from a broken connection.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use overload '""' => sub { $_[0]->as_string }, bool => sub { 1 }, fallback => 1;

for my $class (qw(Usage Refused Protocol Lost Closed Timeout System)) {
    no strict 'refs';
    @{"Daemonproxy::Error::${class}::ISA"} = ('Daemonproxy::Error');
}

sub new {
    my ($class, %fields) = @_;
    return bless { message => 'unknown error', %fields }, $class;
}

sub throw {
    my ($class, $message, %fields) = @_;
    die $class->new(%fields, message => $message, where => _where());
}

# Dies with this error, which had no place until now.
sub rethrow {
    my ($self) = @_;
    $self->{where} = _where();
    die $self;
}

# The last caller outside this distribution is the one who can do something about it.
sub _where {
    my $depth = 0;
    while (my ($package, $file, $line) = caller $depth++) {
        return "at $file line $line" unless $package =~ /\ADaemonproxy::/;
    }
    return undef;
}

sub kind    { lc((ref $_[0]) =~ s/.*:://sr) }
sub message { $_[0]{message} }
sub command { $_[0]{command} }
sub where   { $_[0]{where} }
sub name    { $_[0]{name} }
sub service { $_[0]{service} }

sub as_string {
    my ($self) = @_;
    my $text = $self->{message};
    $text .= " $self->{where}" if defined $self->{where} && length $self->{where};
    return "$text\n";
}

# Reads the text of an error event.
sub from_event {
    my ($class, $text, $command) = @_;
    my ($reason, $start, $service) = ($text);
    if    ($text =~ /\A(.*), for command "(.*)"\z/s) { ($reason, $start)   = ($1, $2) }
    elsif ($text =~ /\A(.*), for service "(.*)"\z/s) { ($reason, $service) = ($1, $2) }
    return Daemonproxy::Error::Refused->new(
        message => $text, reason => $reason, start => $start, service => $service,
        command => $command, name => _name_of($reason),
    );
}

# The text before the command it is about.
sub reason { defined $_[0]{reason} ? $_[0]{reason} : $_[0]{message} }

sub _name_of {
    my ($reason) = @_;
    require Daemonproxy::Grammar;
    for my $error (@Daemonproxy::Grammar::ERRORS) {
        return $error->{name} if $reason =~ $error->{regex};
    }
    return undef;
}

1;

__END__

=head1 NAME

Daemonproxy::Error - what goes wrong, as objects

=head1 SYNOPSIS

    unless (eval { $conn->service_start('web')->check; 1 }) {
        my $error = $@;
        die $error unless ref $error && $error->isa('Daemonproxy::Error::Refused');
        warn 'not started: ', $error->reason, "\n" unless $error->name eq 'ServiceIsNotStartable';
    }

=head1 DESCRIPTION

Everything in this distribution that dies does so with an object of one of these classes. They all inherit from
C<Daemonproxy::Error>, are true, and are strings that end with the place of the call.

=over 4

=item Daemonproxy::Error::Usage

The caller is at fault: an invalid name, a control character in a field, a method that needs a
connection. Nothing was sent.

=item Daemonproxy::Error::Refused

The daemon refused the command, which has changed nothing. Decide by the C<name>.

=item Daemonproxy::Error::Protocol

The daemon sent something that is not an event of the protocol.

=item Daemonproxy::Error::Lost

The answer was among the events that were missed, since they were read too slowly. Whether the
command was carried out is not known.

=item Daemonproxy::Error::Closed

The connection ended before the answer came.

=item Daemonproxy::Error::Timeout

The answer did not come in time. It may still come.

=item Daemonproxy::Error::System

The operating system refused something: connecting, writing, making a process.

=back

=head1 METHODS

=over 4

=item kind

C<usage>, C<refused>, C<protocol>, C<lost>, C<closed>, C<timeout> or C<system>.

=item message

What happened. For a refused command, the text of the daemon in full.

=item reason

The same without the command that a daemon of protocol 1 quotes.

=item name

For a refused command, what the error is called, such as C<NoSuchService>: L<Daemonproxy::Grammar/ERRORS> lists all of
them. A name stays, while the text may be improved. undef if the daemon is one of protocol 1, which does not say it, and
the text is not known.

=item command

For a refused command, the L<command object|Daemonproxy::Protocol::Command> if there is one. For a wrong one, its name.

=item service

The name of the service of which a start has failed. Such an error answers no command: every
controller reads it.

=item where

The place of the call, C<at FILE line N>, or undef.

=item as_string

Message and place. The object as a string is the same.

=item new(FIELD => VALUE ...)

=item throw(MESSAGE, FIELD => VALUE ...)

=item rethrow

Make an error, make one and die with it, and die with an existing one.

=item from_event(TEXT, COMMAND)

Makes a C<Refused> from the text of an C<error> event.

=back

=cut
