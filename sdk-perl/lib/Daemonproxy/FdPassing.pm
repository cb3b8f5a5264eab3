package Daemonproxy::FdPassing;

# Passes open descriptors over unix sockets. The core of perl has no sendmsg, so this calls the
# kernel directly, with structures packed by hand. That is only right where their layout is known:
# 64-bit Linux on x86-64 and ARM. Elsewhere it says so and does nothing.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Config;
use Exporter 'import';
use POSIX ();

use Daemonproxy::Error;
use Daemonproxy::Stream;

our @EXPORT_OK = qw(send_fd recv_fd is_possible);

# Numbers of sendmsg and recvmsg, from the tables of the kernel.
my %NUMBERS = (x86_64 => [46, 47], aarch64 => [211, 212]);

my ($SOL_SOCKET, $SCM_RIGHTS) = (1, 1);
my ($MSG_DONTWAIT, $MSG_NOSIGNAL, $MSG_CTRUNC, $MSG_CMSG_CLOEXEC) = (0x40, 0x4000, 0x08, 0x40000000);

sub _numbers {
    return undef unless $^O eq 'linux' && $Config{ptrsize} == 8 && $Config{longsize} == 8 && $Config{byteorder} =~ /\A1234/;
    my ($machine) = $Config{archname} =~ /\A(x86_64|aarch64)-linux/ or return undef;
    return $NUMBERS{$machine};
}

sub is_possible { _numbers() ? 1 : 0 }

sub _need_numbers {
    return _numbers() || Daemonproxy::Error::System->throw(
        "passing descriptors is not possible with this perl ($Config{archname}): the layout of struct msghdr is not known");
}

# struct msghdr: name, its length, iov and how many, control and its length, flags.
sub _msghdr { pack 'x8 L x4 P Q P Q i x4', 0, $_[0], 1, $_[1], length $_[1], 0 }

# Sends all the bytes, and the descriptor along with the first of them.
sub send_fd {
    my ($socket, $bytes, $handle, $timeout) = @_;
    my $numbers = _need_numbers();
    my $fd = ref $handle || $handle !~ /\A[0-9]+\z/ ? fileno $handle : $handle;
    Daemonproxy::Error::Usage->throw('this is no open file handle') unless defined $fd && $fd >= 0;
    my $to = ref $socket ? fileno $socket : $socket;
    # struct cmsghdr: length, level, type; then the descriptor, and padding to 8 bytes.
    my $control = pack 'Q i i i x4', 20, $SOL_SOCKET, $SCM_RIGHTS, $fd;
    my $iov = pack 'P Q', $bytes, length $bytes;
    my $header = _msghdr($iov, $control);
    my $deadline = defined $timeout ? Daemonproxy::Stream::now() + $timeout : undef;
    my $sent;
    while (1) {
        $sent = syscall $numbers->[0], $to + 0, $header, $MSG_DONTWAIT | $MSG_NOSIGNAL;
        last if $sent > 0;
        next if $!{EINTR};
        Daemonproxy::Error::System->throw("cannot pass a descriptor: $!") unless $!{EAGAIN};
        _wait_writable($to, $deadline);
    }
    while ($sent < length $bytes) {
        _wait_writable($to, $deadline);
        my $more = POSIX::write($to, substr($bytes, $sent), length($bytes) - $sent);
        if    (defined $more) { $sent += $more }
        elsif (!$!{EINTR} && !$!{EAGAIN}) { Daemonproxy::Error::System->throw("cannot write: $!") }
    }
    return 1;
}

sub _wait_writable {
    my ($fd, $deadline) = @_;
    my $left = defined $deadline ? $deadline - Daemonproxy::Stream::now() : undef;
    Daemonproxy::Error::Timeout->throw('time is up, waiting to pass a descriptor') if defined $left && $left <= 0;
    my $out = '';
    vec($out, $fd, 1) = 1;
    select undef, $out, undef, $left;
    return;
}

# Receives bytes and the descriptor that came with them, or undef if none did. No bytes: the end.
sub recv_fd {
    my ($socket, $most) = @_;
    my $numbers = _need_numbers();
    my $from = ref $socket ? fileno $socket : $socket;
    my $buffer  = "\0" x ($most || 4096);
    my $control = "\0" x 24;    # room for one descriptor; the system closes any others
    my $iov = pack 'P Q', $buffer, length $buffer;
    my $header = _msghdr($iov, $control);
    my $count;
    do { $count = syscall $numbers->[1], $from + 0, $header, $MSG_CMSG_CLOEXEC } while $count < 0 && $!{EINTR};
    Daemonproxy::Error::System->throw("cannot receive: $!") if $count < 0;
    my $fd;
    if (unpack('x40 Q', $header) >= 20) {
        my ($length, $level, $type, $number) = unpack 'Q i i i', $control;
        $fd = $number if $length == 20 && $level == $SOL_SOCKET && $type == $SCM_RIGHTS;
    }
    my $handle;
    if (defined $fd) {
        open $handle, '+<&=', $fd or open $handle, '<&=', $fd or open $handle, '>&=', $fd
            or Daemonproxy::Error::System->throw("cannot use descriptor $fd: $!");
    }
    return (substr($buffer, 0, $count), $handle);
}

1;

__END__

=head1 NAME

Daemonproxy::FdPassing - pass open files over unix sockets

=head1 SYNOPSIS

    $conn->fd_take('listener', $socket)->check;      # the daemon holds it from now on

    use Daemonproxy::FdPassing qw(recv_fd);
    my ($bytes, $handle) = recv_fd($socket);

=head1 DESCRIPTION

The core of perl cannot pass descriptors. This module calls C<sendmsg> and C<recvmsg> through C<syscall>, with structures packed by
hand, which is right on Linux with 64 bits on B<x86-64> and B<aarch64> and nowhere else. Anywhere else L</is_possible> is false, and the other functions
die with a L<System error|Daemonproxy::Error>. On such a system let the daemon open the file itself (C<fd_open>,
C<fd_socket>), or inherit it when the daemon is started.

With C<-T>, do not pass a tainted number as a descriptor.

=over 4

=item is_possible

=item send_fd(SOCKET, BYTES, HANDLE, SECONDS)

Sends all BYTES (at least one), and the descriptor of HANDLE with the first of them.

=item recv_fd(SOCKET, BYTES)

Waits, then returns the bytes that came (at most 4096, or BYTES) and an open handle or undef. No
bytes: the other side has ended. The descriptor is closed when another program is executed. If several
descriptors come with one byte, only the first is kept.

=back

=cut
