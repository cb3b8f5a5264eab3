package Daemonproxy;

# The entry point: the name of the distribution, and the shortest way to a connection.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

sub connect { my $class = shift; require Daemonproxy::Protocol; return Daemonproxy::Protocol->connect(@_) }
sub spawn   { my $class = shift; require Daemonproxy::Protocol; return Daemonproxy::Protocol->spawn(@_) }

sub controller { my $class = shift; require Daemonproxy::Protocol; return Daemonproxy::Protocol->new(@_) }

1;

__END__

=head1 NAME

Daemonproxy - controllers for daemonproxy, in pure Perl

=head1 SYNOPSIS

A controller that the daemon starts itself (C<service.fds controller control.event control.cmd stderr>):

    use Daemonproxy;

    my $conn = Daemonproxy->controller;              # standard input and output
    $conn->on('service.state' => sub {
        my ($conn, $name, $state) = @_;
        $conn->service_start($name) if $state eq 'down' && $conn->service($name)->tag_values('restart');
    });
    $conn->sync;                                      # learn what is there
    $conn->run;

A program that asks for something over the control socket:

    my $conn = Daemonproxy->connect('/run/daemonproxy.sock');
    $conn->sync;
    printf "%s %s\n", $_->name, $_->state for $conn->service_list;
    $conn->service('web')->signal('HUP')->check;      # or die with an object

A private daemon:

    my $conn = Daemonproxy->spawn;
    my $job  = $conn->service('job');
    $job->set_args('make', 'test');
    $job->start->check;
    $job->wait_for('down', 600);
    say $job->exit_value;

=head1 DESCRIPTION

daemonproxy starts processes, watches them and holds the file descriptors they share. Controllers decide what to do:
they send it lines and read lines. This distribution is for writing controllers. It needs nothing but
the core of Perl 5.14 or later.

=over 4

=item L<Daemonproxy::Protocol>

The connection: start here.

=item L<Daemonproxy::Protocol::Service>, L<Daemonproxy::Protocol::FileDescriptor>, L<Daemonproxy::Protocol::Command>

What it gives you.

=item L<Daemonproxy::Loop>

A run loop with timers. For L<IO::Async>, L<AnyEvent> and L<Mojo::IOLoop> see the folder F<examples>.

=item L<Daemonproxy::Error>

What it dies with.

=item L<Daemonproxy::Daemon>, L<Daemonproxy::Test>

A daemon of your own, and tests of your own controllers.

=item L<Daemonproxy::Grammar>, L<Daemonproxy::Line>, L<Daemonproxy::View>, L<Daemonproxy::Stream>, L<Daemonproxy::FdPassing>

The parts it is made of.

=back

=head1 METHODS

=over 4

=item controller(OPTION => VALUE ...)

=item connect(PATH, OPTION => VALUE ...)

=item spawn(OPTION => VALUE ...)

C<new>, C<connect> and C<spawn> of L<Daemonproxy::Protocol>.

=back

=head1 BYTES

The protocol consists of bytes, and so do all strings that go in and come out. Encode text before
you send it, and decode it after you have read it, if it is text. No layer is put on your handles,
and existing layers do not matter, since the descriptors are used directly. What comes from the daemon is tainted under C<-T>, like all input.

=head1 PLATFORMS

Perl 5.14 and later; run so far with 5.36 on Linux, x86-64. Older versions and other
systems should work, but have not been tried. Passing descriptors has its own limits, see L<Daemonproxy::FdPassing>.

=head1 LICENSE

MIT or Apache-2.0, as you like.

=cut
