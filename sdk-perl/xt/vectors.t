# The conformance vectors of the grammar, which are in the source tree of daemonproxy.
use 5.014;
use strict;
use warnings;
use FindBin;
use Test::More;
use Daemonproxy::Line qw(check_command check_event parse_command parse_event);

my $file = "$FindBin::Bin/../../protocol/generated/vectors.tsv";
open my $rows, '<', $file or plan skip_all => 'the vectors are not here';
while (my $row = <$rows>) {
    chomp $row;
    next if $row eq '' || $row =~ /^#/;
    my ($verdict, $line) = split /\t/, $row, 2;
    my $shown = $line =~ tr/\t/ /r;
    if ($verdict eq 'refused') {
        my ($text, $refused) = split /\t/, $line, 2;
        $refused = '' unless defined $refused;
        is check_command($refused), $text, "refused: $shown";
    }
    elsif ($verdict eq 'command') {
        is check_command($line), undef, "command: $shown";
        my $again = join "\t", parse_command($line);
        is_deeply [parse_command($again)], [parse_command($line)], 'and the same again';
    }
    else {
        is check_event($line), undef, "event: $shown";
        like $line, qr/\A\Q${\ join "\t", parse_event($line)}\E\t?\z/, 'and the same again';
    }
}
done_testing;
