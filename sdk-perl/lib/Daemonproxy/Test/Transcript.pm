package Daemonproxy::Test::Transcript;

# A conversation with the daemon in a text file: read, and compared field by field. The format is
# that of daemonproxy's own conformance suite, as far as it concerns a controller.

use 5.014;
use strict;
use warnings;

our $VERSION = '0.1.0';

use Daemonproxy::Error;
use Daemonproxy::Test::Tags;

# A placeholder; a fact of a run has a key and a `=` in front.
my $HOLE = qr/\A((?:[a-z_]+=)?)\{([a-z]+)(?::([A-Za-z0-9_]+)([+-][0-9]+)?)?\}\z/;

# What a placeholder of each kind accepts, and what it stands for when nothing has bound it.
my %KIND = (
    ts   => { accepts => qr/\A[0-9]+\z/,      made_up => sub { 200_000 } },
    pid  => { accepts => qr/\A[1-9][0-9]*\z/, made_up => sub { 1000 + $_[0] } },
    secs => { accepts => qr/\A[0-9]+\z/,      made_up => sub { 0 } },
    moment => { accepts => qr/\A[0-9]+(?:\.[0-9]+)?\z/, made_up => sub { '200000.25' } },
    num  => { accepts => qr/\A[0-9]+\z/,      made_up => sub { 0 } },
    text => { accepts => qr/\A.*\z/s,         made_up => sub { 'text' } },
);

sub parse {
    my ($class, $name, $text) = @_;
    my $self = bless { name => $name, title => undef, steps => [], bound => { 'ts:now' => 200_000 }, made_up => 0 }, $class;
    my $number = 0;
    for my $line (split /\n/, $text) {
        $number++;
        next if $line =~ /\A\s*\z/;
        if ($line =~ /\A#\s*(.*)/) { $self->{title} = $1 unless defined $self->{title}; next }
        my ($who, @fields) = split /\t/, $line, -1;
        $self->{has_tags} = $fields[1] eq '2' if $who eq '@' && $fields[0] eq 'protocol';
        next if $who eq '@' || $who eq '!';    # the events that follow show what happened in the world
        Daemonproxy::Error::Usage->throw("$name:$number: `$who` is not for controllers, only # \@ ! > >| < <|")
            unless $who =~ /\A[<>]\|?\z/;
        $self->_check_placeholder($number, $_) for @fields;
        my $tag;
        ($tag, @fields) = Daemonproxy::Test::Tags::split_tag(@fields) if $who =~ />/;
        $self->{has_tags} = 1 if defined $tag || $who =~ /</ && $fields[0] eq 'done';
        push @{ $self->{steps} }, { line => $number, who => $who, tag => $tag, fields => \@fields };
    }
    return $self;
}

sub read_file {
    my ($class, $path) = @_;
    open my $file, '<:raw', $path or Daemonproxy::Error::System->throw("cannot read $path: $!");
    return $class->parse($path, do { local $/; <$file> });
}

sub name  { $_[0]{name} }
sub title { defined $_[0]{title} ? $_[0]{title} : $_[0]{name} }
sub steps { @{ $_[0]{steps} } }

# Whether the daemon in it knows tags.
sub has_tags { $_[0]{has_tags} }

sub _check_placeholder {
    my ($self, $number, $field) = @_;
    my ($kind) = $field =~ /\A\{(.*)\}\z/ or return;
    return if $kind =~ /\A([a-z]+)(?::[A-Za-z0-9_]+([+-][0-9]+)?)?\z/ && $KIND{$1};
    Daemonproxy::Error::Usage->throw("$self->{name}:$number: there is no placeholder $field, only "
            . join(' ', map { "{$_}" } sort keys %KIND) . ' (a literal brace is \x7b)');
}

# Whether these fields are what the step says. Binds what is used for the first time, if they are.
sub matches {
    my ($self, $step, @fields) = @_;
    my @expected = @{ $step->{fields} };
    # A list that is empty may have its TAB, or not.
    pop @expected if @expected == @fields + 1 && $expected[-1] eq '';
    pop @fields   if @fields == @expected + 1 && $fields[-1] eq '';
    return 0 unless @fields == @expected;
    my %new;
    for my $at (0 .. $#fields) {
        my $expected = $expected[$at];
        if (my ($key, $kind, $name, $offset) = _hole($expected)) {
            return 0 unless $fields[$at] =~ s/\A\Q$key\E// && $fields[$at] =~ $KIND{$kind}{accepts};
            next unless defined $name;
            my $known = exists $new{"$kind:$name"} ? $new{"$kind:$name"} : $self->{bound}{"$kind:$name"};
            if (defined $known) { return 0 unless $fields[$at] eq ($offset ? $known + $offset : $known) }
            else                { $new{"$kind:$name"} = $offset ? $fields[$at] - $offset : $fields[$at] }
        }
        else { return 0 unless $fields[$at] eq _unescaped($expected) }
    }
    $self->{bound}{$_} = $new{$_} for keys %new;
    return 1;
}

# The line that the step stands for, with made-up values for what is not bound yet.
sub line_of {
    my ($self, $step) = @_;
    return join "\t", map {
        my $field = $_;
        if (my ($key, $kind, $name, $offset) = _hole($field)) {
            my $value = defined $name ? $self->{bound}{"$kind:$name"} : undef;
            $value = $KIND{$kind}{made_up}->(++$self->{made_up}) unless defined $value;
            $self->{bound}{"$kind:$name"} = $value if defined $name && !defined $self->{bound}{"$kind:$name"};
            $key . ($offset ? $value + $offset : $value);
        }
        else { _unescaped($field) }
    } @{ $step->{fields} };
}

sub _hole {
    my ($field) = @_;
    return unless $field =~ $HOLE && $KIND{$2};
    return ($1, $2, $3, $4);
}

sub _unescaped { $_[0] =~ s/\\x([0-9a-f]{2})/chr hex $1/ger }

1;

__END__

=head1 NAME

Daemonproxy::Test::Transcript - a conversation with the daemon in a text file

=head1 DESCRIPTION

L<Daemonproxy::Test>, which plays transcripts, describes the format.

=over 4

=item parse(NAME, TEXT), read_file(PATH)

A transcript. Dies with a L<Usage error|Daemonproxy::Error> that names the line if it is not one.

=item name, title

What it is called; its first comment.

=item steps

Its lines, each a hash reference with C<line> (the number), C<who>, C<fields> and, for a command
that has one, C<tag>.

=item has_tags

Whether a command has a tag, so that the daemon is one that knows them.

=item matches(STEP, FIELD ...)

Whether these are the fields of the step. Binds placeholders.

=item line_of(STEP)

The line of the step, with values for its placeholders.

=back

=cut
