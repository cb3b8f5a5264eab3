package Daemonproxy::Protocol::FileDescriptor;

# A file descriptor that the daemon holds, by its name. True while it exists.

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
use Daemonproxy::Grammar;
use Daemonproxy::Line ();

sub new {
    my ($class, $conn, $name) = @_;
    $name = "$name";
    Daemonproxy::Error::Usage->throw("`$name` is not the name of a file descriptor") unless Daemonproxy::Line::is_name($name);
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
sub exists { $_[0]{conn}->fd_record($_[0]{name}) ? 1 : 0 }

sub _state { my $record = $_[0]{conn}->fd_record($_[0]{name}); return $record ? $record->{state}[$_[1]] : undef }

sub type        { $_[0]->_state(0) }
sub flags       { $_[0]->_state(1) }
sub description { $_[0]->_state(2) }
sub flag_list   { my $flags = $_[0]->flags; return defined $flags ? split /,/, $flags : () }

sub is_pipe    { $_[0]->_is('pipe') }
sub is_file    { $_[0]->_is('file') }
sub is_socket  { $_[0]->_is('socket') }
sub is_special { $_[0]->_is('special') }
sub _is        { my $type = $_[0]->type; return defined $type && $type eq $_[1] ? 1 : 0 }

sub open_file {
    my ($self, $path, $flags) = @_;
    Daemonproxy::Error::Usage->throw('open_file needs a path', command => 'fd.open') unless defined $path && length $path;
    return $self->{conn}->call('fd.open', $self->{name}, _file_flags($flags), $path);
}

# A string, an array reference, or a hash reference whose true values count; in the order of the
# grammar.
sub _file_flags {
    my ($flags) = @_;
    my @given = ref $flags eq 'HASH' ? grep { $flags->{$_} } keys %$flags
        : ref $flags eq 'ARRAY' ? @$flags
        : grep { $_ ne '-' } split /,/, defined $flags ? $flags : '';
    my ($mode) = grep { /\Amode=/ } @given;
    if (ref $flags eq 'HASH' && defined $flags->{mode}) { # as a number, or in octal digits
        $mode = 'mode=' . ($flags->{mode} =~ /\A0/ ? $flags->{mode} : sprintf '%04o', $flags->{mode});
    }
    my %given = map { $_ => 1 } grep { !/\Amode(?:=|\z)/ } @given;
    my @known = grep { delete $given{$_} } @{ $Daemonproxy::Grammar::WORDS{file_flag} };
    push @known, $mode if defined $mode;
    if (my ($wrong) = sort keys %given) {
        Daemonproxy::Error::Usage->throw(
            "there is no flag `$wrong`, only @{ $Daemonproxy::Grammar::WORDS{file_flag} }", command => 'fd.open');
    }
    return @known ? join ',', @known : '-';
}

sub open_pipe_to   { my ($self, $reader, $flags) = @_; return $self->{conn}->call('fd.pipe', "$reader", $self->{name}, $flags) }
sub open_pipe_from { my ($self, $writer, $flags) = @_; return $self->{conn}->call('fd.pipe', $self->{name}, "$writer", $flags) }
sub open_socket    { my ($self, $flags, $address) = @_; return $self->{conn}->call('fd.socket', $self->{name}, $flags, $address) }
sub take           { my ($self, $handle) = @_; return $self->{conn}->fd_take($self->{name}, $handle) }
sub delete         { my ($self) = @_; return $self->{conn}->call('fd.delete', $self->{name}) }

1;

__END__

=head1 NAME

Daemonproxy::Protocol::FileDescriptor - a file descriptor of the daemon

=head1 SYNOPSIS

    my $log = $conn->fd('web.log');
    $log->open_file('/var/log/web', 'write,append,create')->check unless $log;
    $conn->fd('web-log.w')->open_pipe_to('web-log.r');

=head1 DESCRIPTION

There is an object for every name, even if no such descriptor exists; C<if ($log)> asks whether it
does. Its string is its name. Methods that change something send a command. They return a L<command
object|Daemonproxy::Protocol::Command>, or nothing in void context.

=head1 METHODS

=over 4

=item conn, name, exists

=item type

C<file>, C<pipe>, C<socket>, C<special>, or a future type; undef if there is no such descriptor.

=item flags, flag_list, description

The flags as one string and as a list; the path, the other end, the address.

=item is_pipe, is_file, is_socket, is_special

=item open_file(PATH, FLAGS)

FLAGS is C<write,append>, an array reference, or a hash reference such as C<< { write => 1, append => 1 } >>. A flag that
does not exist is a L<Usage error|Daemonproxy::Error>.

=item open_pipe_to(READER, FLAGS)

Makes a pipe of which this is the write end. READER is a name or an object.

=item open_pipe_from(WRITER, FLAGS)

Makes a pipe of which this is the read end.

=item open_socket(FLAGS, ADDRESS)

=item take(HANDLE)

Passes an open file to the daemon under this name. See L<Daemonproxy::FdPassing> for where that works.

=item delete

=item new(CONN, NAME)

=back

=cut
