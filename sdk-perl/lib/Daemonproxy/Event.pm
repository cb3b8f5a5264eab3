package Daemonproxy::Event;

# Events by the names of their fields, and filters that select some of them.
#
# The names are those of the grammar in lower case. Two kinds of fields are several on the line and
# are given one by one, as in the other clients: the state of a service and that of a file
# descriptor.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Daemonproxy::Error;
use Daemonproxy::Grammar;
use Daemonproxy::Line ();

# The parts of a field that is several fields.
my %PARTS = (
    service_state => [qw(state timestamp pid exit signal uptime downtime)],
    fd_state      => [qw(type flags description)],
);

# The words that such a part may be.
my %WORDS = (
    state => [qw(down start up deleted)],
    type  => [qw(file pipe socket special deleted)],
    phase => $Daemonproxy::Grammar::WORDS{phase},
    level => $Daemonproxy::Grammar::WORDS{level},
);

# The names of the fields of an event, in their order.
sub field_names {
    my ($event) = @_;
    my $known = $Daemonproxy::Grammar::EVENT{$event} or return;
    return map { $PARTS{ $_->[1] } ? @{ $PARTS{ $_->[1] } } : lc $_->[0] } @{ $known->{args} };
}

# The fields as they came, by name. A list is an array reference, and a field that says nothing is
# absent.
sub named {
    my ($event, @fields) = @_;
    my %named = (event => $event);
    my $known = $Daemonproxy::Grammar::EVENT{$event} or return { %named, fields => \@fields };
    for my $arg (@{ $known->{args} }) {
        my ($name, $kind, $presence) = @$arg;
        if ($kind eq 'service_state') {
            my ($state, $timestamp, $pid, $reason, $value, $uptime, $downtime) = splice @fields, 0, 7;
            my %parts = (state => $state, timestamp => $timestamp, pid => $pid, uptime => $uptime, downtime => $downtime);
            $parts{$reason} = $value if $reason ne '-';
            $named{$_} = $parts{$_} for grep { $parts{$_} ne '-' } keys %parts;
        }
        elsif ($kind eq 'fd_state') { @named{qw(type flags description)} = splice @fields }
        elsif ($kind eq 'fact') { $named{ lc $name } = Daemonproxy::Line::facts(splice @fields) }
        elsif ($presence eq '*' || $presence eq '+') {
            @fields = () if @fields == 1 && $fields[0] eq '';
            $named{ lc $name } = [splice @fields];
        }
        elsif ($kind eq 'text' || $kind eq 'error_text' && @fields) { $named{ lc $name } = join "\t", splice @fields }
        else {
            my $value = shift @fields;
            $named{ lc $name } = $value if defined $value && !($value eq '-' && $kind =~ /\A(?:interval|id)\z/);
        }
    }
    return \%named;
}

# A function that says whether an event, by the names of its fields, is wanted. Dies for a filter
# that can never match.
sub filter {
    my ($event, $filter) = @_;
    my @names = field_names($event);
    Daemonproxy::Error::Usage->throw("there is no event `$event`") unless $Daemonproxy::Grammar::EVENT{$event};
    my %wanted = %$filter;
    for my $name (sort keys %wanted) {
        Daemonproxy::Error::Usage->throw("the event `$event` has no field `$name`, only: @names")
            unless grep { $_ eq $name } @names;
        my $value = $wanted{$name};
        Daemonproxy::Error::Usage->throw("a filter compares `$name` with one value") if !defined $value || ref $value;
        if (my $words = $WORDS{$name}) {
            Daemonproxy::Error::Usage->throw("`$name` is never `$value`, only one of: @$words") unless grep { $_ eq $value } @$words;
        }
        elsif ($name eq 'signal') {
            $wanted{$name} = Daemonproxy::Line::signal_name($value)
                // Daemonproxy::Error::Usage->throw("there is no signal `$value`");
        }
        elsif ($name eq 'name') {
            Daemonproxy::Error::Usage->throw("`$value` cannot be a name") unless Daemonproxy::Line::is_name($value);
        }
    }
    return sub {
        my ($named) = @_;
        for my $name (keys %wanted) {
            my $value = $named->{$name};
            return 0 if !defined $value || ref $value || $value ne $wanted{$name};
        }
        return 1;
    };
}

1;

__END__

=head1 NAME

Daemonproxy::Event - events by the names of their fields

=head1 SYNOPSIS

    $conn->on('service.state', { name => 'web', state => 'down' }, sub {
        my ($conn, $event) = @_;
        say "$event->{name} has ended: ", $event->{signal} // "exit $event->{exit}";
    });

=head1 DESCRIPTION

An event is a hash reference: C<event> is its name, the others are its fields, called as in the
L<grammar|Daemonproxy::Grammar/EVENTS> in lower case. A list is an array reference; a
field that says nothing is absent. The state in C<service.state> is given as
C<state timestamp pid exit signal uptime downtime>, that in C<fd.state> as C<type flags description>; the facts of a
run in C<service.run> are a hash reference (L<Daemonproxy::Grammar/FACTS>), in which what is so is 1, and a failure a
hash reference with C<stage> and C<errno>.
A line that is not an event has C<fields>.

=head1 FUNCTIONS

=over 4

=item named(EVENT, FIELD ...)

The event with these fields, in the order of the line.

=item field_names(EVENT)

The names that the fields of this event may have.

=item filter(EVENT, \%FILTER)

A function that takes an event and says whether every field in FILTER has the value given there. Signals may be given with or without
C<SIG>. Dies with a L<Usage error|Daemonproxy::Error> if there is no such event or
field, or if a value can never occur.

=back

=cut
