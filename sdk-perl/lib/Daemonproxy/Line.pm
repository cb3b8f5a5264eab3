package Daemonproxy::Line;

# Lines of the protocol: fields into bytes and bytes into fields, and whether they are what the
# grammar says. The patterns come from Daemonproxy::Grammar; here is what patterns cannot express.
#
# A check returns nothing if all is well, and otherwise the text with which the daemon would refuse
# the line. It helps whoever writes a line. The daemon has the last word.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Config;
use Exporter 'import';
our @EXPORT_OK = qw(join_fields split_line check_command check_event parse_command parse_event is_name signal_name);

use Daemonproxy::Error;
use Daemonproxy::Grammar;

*KIND    = \%Daemonproxy::Grammar::KIND;
*COMMAND = \%Daemonproxy::Grammar::COMMAND;
*EVENT   = \%Daemonproxy::Grammar::EVENT;
our (%KIND, %COMMAND, %EVENT);

# Kinds whose answer to a wrong field depends on the field. All others have one, which the grammar
# knows.
my %WRONG = (
    tag_change   => sub { $_[0] =~ /[\x00-\x1f]/ ? 'unable to set tags' : undef },
    signal       => sub { $_[0] =~ /\A-?[0-9]+\z/ ? 'Invalid signal number' : undef },
    path         => sub { length $_[0] ? undef : 'missing path argument' },
    program      => sub { length $_[0] ? undef : 'missing path argument' },
    pipe_flags   => \&_unknown_flag,
    file_flags   => sub { _wrong_mode(@_) // _unknown_flag(@_) },
    socket_flags => \&_unknown_flag,
);

# Rules that ABNF cannot express, for fields that are otherwise well formed.
my %ALSO = (
    start_time   => sub { $_[0] eq '-' || _fits_64_bits($_[0]) ? () : 'invalid timestamp' },
    signal       => sub { defined signal_name($_[0]) ? () : 'Invalid signal number' },
    trigger      => sub { (grep { !_is_condition($_) } split /,/, $_[0], -1) ? 'unable to set auto_up triggers' : () },
    file_flags   => \&_wrong_mode,
    guard        => sub { $_[0] eq '-' || _fits_64_bits($_[0]) ? () : 'Expected integer' },
    guard_code   => sub { !_fits_64_bits($_[0]) ? 'Expected integer' : $_[0] =~ /[1-9]/ ? () : 'code cannot be 0' },
    fd_numbers   => sub { (grep { $_ > 255 } split /,/, $_[0]) ? 'expected descriptor numbers from 0 to 255, such as 1,2' : () },
    socket_flags => sub { (grep { $_ < 1 || $_ > 65535 } $_[0] =~ /listen=([0-9]+)/g) ? 'invalid listen queue length' : () },
);

# Rules about several fields.
my %CHECK = (
    logger_name_fits => sub {
        my ($name) = @_;
        return length("$name-log.r") > 31 ? qq{service name too long: "$name-log.r" would pass 31 characters} : ();
    },
    names_differ       => sub { $_[0] eq $_[1] ? 'the two names must differ'                   : () },
    reset_within_close => sub { $_[0] > $_[1]  ? 'reset timeout is greater than close timeout' : () },
);

# Signals that have two names, and the one that events use.
my %ALIAS = (CLD => 'CHLD', IOT => 'ABRT', POLL => 'IO');

sub is_name { defined $_[0] && $_[0] =~ $KIND{service}{regex} }

# Fields into a line, without its LF. Dies rather than write two lines, or characters that are not
# bytes.
sub join_fields {
    my @fields = @_;
    for my $field (@fields) {
        Daemonproxy::Error::Usage->throw("undef is no field of `$fields[0]`", command => $fields[0])
            unless defined $field;
        $field = "$field";
        utf8::downgrade($field, 1)
            or Daemonproxy::Error::Usage->throw("a field of `$fields[0]` is text: encode it into bytes first", command => $fields[0]);
        Daemonproxy::Error::Usage->throw(
            sprintf('control character 0x%02x in a field of `%s`', ord($1), $fields[0] =~ s/[\x00-\x1f]/ /gr),
            command => $fields[0])
            if $field =~ /([\x00-\x1f])/;
    }
    return join "\t", @fields;
}

sub split_line { split /\t/, $_[0], -1 }

sub check_event {
    my ($line) = @_;
    my ($name) = $line =~ /\A([^\t]*)/;
    my $event = $EVENT{$name};
    return "no event of this name: $name" if !$event || $event->{needs_fields} && $line eq $name;
    return $line =~ $event->{regex} ? () : "not a line of the event $name";
}

# The name and the fields of an event. An empty list gives no field.
sub parse_event {
    my ($line) = @_;
    return if check_event($line);
    my ($name, @fields) = split_line($line);
    my $args = $EVENT{$name}{args};
    pop @fields if @$args && $args->[-1][2] eq '*' && @fields == @$args && $fields[-1] eq '';
    return ($name, @fields);
}

# The facts of a run by their names, from fields as they are on the line.
sub facts {
    my (@fields) = @_;
    my %facts;
    for my $field (grep { $_ ne '' } @fields) {
        my ($key, $value) = split /=/, $field, 2;
        my $kind = ($Daemonproxy::Grammar::FACT{$key} || { kind => 'word' })->{kind};
        if    (!defined $value || $kind eq 'flag')                            { $value = 1 }
        elsif ($kind eq 'failure' && $value =~ /\A(.*):(-?[0-9]+)\z/s)        { $value = { stage => $1, errno => 0 + $2 } }
        elsif ($kind =~ /\A(?:moment|seconds|number)\z/ && $value =~ /\A-?[0-9]+(?:\.[0-9]{1,9})?\z/) { $value += 0 }
        $facts{$key} = $value;
    }
    return \%facts;
}

sub check_command {
    my ($line) = @_;
    my ($name, @fields) = split_line($line);
    $name = '' unless defined $name;
    my $command = $COMMAND{$name} or return 'Unknown command: ' . $name =~ s/[\x00-\x1f]/ /gr;
    my $args = $command->{args};
    my %value;
    for my $at (0 .. $#$args) {
        my ($arg, $kind, $presence) = @{ $args->[$at] };
        return if $kind eq 'line';
        if ($presence eq '*' || $presence eq '+') {
            my @list = splice @fields, 0;
            @list = () if @list == 1 && $list[0] eq '';    # a list of one empty field is the empty list
            return $KIND{$kind}{missing} if $presence eq '+' && !@list;
            for my $field (@list) {
                if (my $text = _check_field($kind, $field)) { return $text }
            }
        }
        elsif (@fields) {
            my $field = $value{$arg} = shift @fields;
            my $text = $kind eq 'address' ? _check_address($value{FLAGS}, $field) : _check_field($kind, $field);
            return $text if $text;
        }
        elsif ($presence eq '') { return $KIND{$kind}{missing} }
        elsif ($kind eq 'address' && $value{FLAGS} =~ /\b(?:bind|listen)\b/) { return 'expected address argument' }
    }
    return $command->{surplus} =~ s/\{argument\}/$fields[0] =~ s{[\x00-\x1f]}{ }gr/er if @fields;
    if (my ($rule, @names) = @{ $command->{check} || [] }) {
        return $CHECK{$rule}->(@value{@names});
    }
    return;
}

# One condition of a trigger. The daemon receives no real-time signals; 32 and 33 have no name.
sub _is_condition {
    my ($condition) = @_;
    return $condition =~ /\A(?:always|once|failure|success|(?:ready|up|down|done|fd):[A-Za-z0-9._-]{1,31})\z/
        || (signal_name($condition) // 'SIGRT') !~ /\ASIG(?:RT|[0-9])/;
}

# The name and the fields of a command, as it would be written again. Nothing if it would be
# refused.
sub parse_command {
    my ($line) = @_;
    return if check_command($line);
    my ($name, @fields) = split_line($line);
    return ($name, @fields) if $name eq 'echo';
    my $args = $COMMAND{$name}{args};
    my $list = @$args && $args->[-1][2] =~ /[*+]/;
    pop @fields if $list && @fields == @$args && $fields[-1] eq '';
    for my $at (0 .. $#fields) {
        my $kind = $args->[$at < @$args ? $at : -1][1];
        $fields[$at] = signal_name($fields[$at]) // $fields[$at] if $kind eq 'signal' || $kind eq 'trigger';
    }
    return ($name, @fields);
}

# The name of a signal as events write it, or undef: HUP, SIGHUP and 1 all give SIGHUP.
sub signal_name {
    my ($signal) = @_;
    return undef unless defined $signal && $signal =~ $KIND{signal}{regex};
    my $short = $signal =~ s/\ASIG(?=[A-Z])//r;
    if ($short =~ /\A(?:SIG)?([0-9]+)\z/) {
        my $number = $1 + 0;
        return undef if $number < 1 || $number > 64;
        return "SIG$number" if $number == 32 || $number == 33;    # the C library keeps these for itself
        return _real_time($number) if $number >= 34;
        return 'SIG' . _by_number()->{$number};
    }
    return $2 <= 30 ? _real_time(34 + $2) : undef if $short =~ /\ARTMIN(\+([0-9]+))\z/;
    return $2 <= 30 ? _real_time(64 - $2) : undef if $short =~ /\ARTMAX(-([0-9]+))\z/;
    return _real_time($short eq 'RTMIN' ? 34 : 64) if $short =~ /\ART/;
    return 'SIG' . ($ALIAS{$short} || $short);
}

sub _real_time { $_[0] == 34 ? 'SIGRTMIN' : 'SIGRTMIN+' . ($_[0] - 34) }

# Numbers of signals differ from machine to machine, and perl knows those of this one.
sub _by_number {
    state $by_number = do {
        my @names = split ' ', $Config{sig_name};
        my %numbers = map { $_ => $ALIAS{ $names[$_] } || $names[$_] } 1 .. 31;
        \%numbers;
    };
    return $by_number;
}

sub _check_field {
    my ($name, $field) = @_;
    my $kind = $KIND{$name};
    if ($field !~ $kind->{regex}) {
        return $kind->{outside} if $kind->{range} && $field =~ /\A-?[0-9]+\z/;
        my $text = $WRONG{$name} && $WRONG{$name}->($field, $kind);
        return $text if defined $text;
        return $kind->{refused} =~ s/\{\w+\}/$field =~ s{[\x00-\x1f]}{ }gr/er if defined $kind->{refused};
        return "not $kind->{what}";
    }
    if (my $range = $kind->{range}) {
        return if $field eq '-' && $kind->{none};
        my ($least, $most) = @$range;
        return $kind->{outside} if $field < $least || defined $most && $field > $most;
    }
    return $ALSO{$name} ? $ALSO{$name}->($field) : ();
}

# The first flag that the grammar does not list, or the value of one that is wrong.
sub _unknown_flag {
    my ($flags, $kind) = @_;
    my %known = map { s/=.*//r => (/=/ ? 1 : 0) } @{ $kind->{flags} };
    for my $flag (split /,/, $flags, -1) {
        my ($key) = split /=/, $flag;
        return 'invalid listen queue length' if $flag =~ /\Alisten=/ && $known{listen} && $flag !~ /\Alisten=[0-9]{1,5}\z/;
        next if defined $key && exists $known{$key} && ($known{$key} || $flag eq $key);
        return sprintf 'unknown flag "%s"', $flag =~ s/[\x00-\x1f]/ /gr;
    }
    return 'unknown flag ""';
}

# A mode is octal, and for files that are made.
sub _wrong_mode {
    my ($flags) = @_;
    my @flags = split /,/, $flags, -1;
    my ($bad) = grep { /\Amode=/ && !/\Amode=[0-7]{1,4}\z/ } @flags;
    my ($high) = grep { /\Amode=([0-7]{1,4})\z/ && oct($1) > 0777 } @flags;
    my $without_create = (grep { /\Amode=/ } @flags) && !grep { $_ eq 'create' } @flags;
    return defined $bad || defined $high || $without_create
        ? 'invalid mode, expected mode=0 to mode=0777 together with create' : ();
}

sub _check_address {
    my ($flags, $address) = @_;
    my ($domain) = $flags =~ /\b(unix|inet6|inet)\b/;
    $domain = $flags =~ /\b(?:tcp|udp)\b/ ? 'inet' : 'unix' unless defined $domain;
    return $address =~ /\A[\x20-\xff]+\z/ ? () : 'invalid address' if $domain eq 'unix';
    my ($host, $port) = $address =~ /\A(.*):([0-9]{1,5})\z/s or return 'invalid address';
    return 'invalid address' if $port > 65535;
    return if $host eq '*';
    require Socket;
    my $packed = $domain eq 'inet'
        ? $host =~ /\A[0-9.]+\z/ && Socket::inet_pton(Socket::AF_INET(), $host)
        : $host =~ /\A\[([0-9A-Fa-f:.]+)\]\z/ && Socket::inet_pton(Socket::AF_INET6(), $1);
    return $packed ? () : 'invalid address';
}

sub _fits_64_bits {
    my ($minus, $digits) = $_[0] =~ /\A(-?)0*([0-9]+)\z/ or return 0;
    return 1 if length $digits < 19;
    return 0 if length $digits > 19;
    return $digits le ($minus ? '9223372036854775808' : '9223372036854775807');
}

1;

__END__

=head1 NAME

Daemonproxy::Line - lines of the protocol: written, parsed, checked

=head1 SYNOPSIS

    use Daemonproxy::Line qw(join_fields check_command);

    my $line = join_fields('service.args', 'web', 'httpd', '-p', '80');
    if (my $text = check_command($line)) { die "the daemon would say: $text\n" }

=head1 DESCRIPTION

Functions about single lines, without a connection. None is exported unless asked for. A line is a string of bytes
and has no LF at its end.

=over 4

=item join_fields(NAME, FIELD ...)

The line. Dies with a L<Usage error|Daemonproxy::Error> for undef, for a control character, and for characters that are not
bytes.

=item split_line(LINE)

The fields, empty ones too.

=item check_command(LINE)

Nothing if the command is well formed, else the text with which the daemon would refuse it.

=item check_event(LINE)

Nothing if this is a line of an event, else what is wrong with it.

=item parse_command(LINE), parse_event(LINE)

The name and the fields, or nothing if a check would object. The empty list is no field. Signals are written as events write
them.

=item facts(FIELD ...)

The facts of a run (L<Daemonproxy::Grammar/FACTS>) as a hash reference, from fields as they are on the line.

=item is_name(TEXT)

Whether it can be the name of a service or of a file descriptor.

=item signal_name(SIGNAL)

C<SIGHUP> for C<HUP>, C<SIGHUP> and C<1>; undef if there is no such signal.

=back

=cut
