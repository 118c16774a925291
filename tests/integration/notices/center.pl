# A message center on Net::SMPP, for tests. It takes texts, answers with numbers and receipts, and passes each text on to
# every other client that is bound: so a gateway of others may say how it reads what ours has written.
#
# A mobile that ends in 9 is throttled, in 8 refused, in 7 cannot be reached. What happens is told line by line.
use strict;
use warnings;
use IO::Select;
use Net::SMPP;

$| = 1;
my ($port) = @ARGV;
my $door = Net::SMPP->new_listen("127.0.0.1", port => $port, smpp_version => 0x34) or die "cannot listen: $!";
my $select = IO::Select->new($door);
my ($number, %bound) = (100);
print "open\n";

while (my @ready = $select->can_read) {
    for my $line (@ready) {
        if ($line == $door) { $select->add($door->accept); next; }
        my $pdu = $line->read_pdu;
        if (!$pdu) { leave($line); next; }
        answer($line, $pdu);
    }
}

sub leave {
    my ($line) = @_;
    delete $bound{fileno $line};
    $select->remove($line);
    close $line;
}

sub answer {
    my ($line, $pdu) = @_;
    my $cmd = $pdu->{cmd};
    if ($cmd == Net::SMPP::CMD_bind_transceiver || $cmd == Net::SMPP::CMD_bind_transmitter) {
        my $right = $pdu->{password} eq "secret";
        my $status = $right ? 0 : 0x0e;
        my %said = (seq => $pdu->{seq}, status => $status, system_id => "center");
        $cmd == Net::SMPP::CMD_bind_transceiver ? $line->bind_transceiver_resp(%said) : $line->bind_transmitter_resp(%said);
        $bound{fileno $line} = $line if $right;
        print "bind $pdu->{system_id} $status\n";
    }
    elsif ($cmd == Net::SMPP::CMD_submit_sm) { submitted($line, $pdu); }
    elsif ($cmd == Net::SMPP::CMD_enquire_link) { $line->enquire_link_resp(seq => $pdu->{seq}); }
    elsif ($cmd == Net::SMPP::CMD_unbind) { $line->unbind_resp(seq => $pdu->{seq}); leave($line); }
}

sub submitted {
    my ($line, $pdu) = @_;
    my $last = substr $pdu->{destination_addr}, -1;
    my $status = $last eq "9" ? 0x58 : $last eq "8" ? 0x0b : 0;
    my $id = sprintf "%x", ++$number;
    print join(" ", "submit", $pdu->{destination_addr}, $pdu->{data_coding}, $pdu->{esm_class}, unpack("H*", $pdu->{short_message}), $id), "\n";
    $line->submit_sm_resp(seq => $pdu->{seq}, status => $status, message_id => $status ? "" : $id);
    return if $status;
    receipt($line, $pdu, $id, $last eq "7" ? "UNDELIV" : "DELIVRD") if $pdu->{registered_delivery};
    for my $other (grep { $_ != $line } values %bound) {
        $other->deliver_sm(
            async => 1, map { $_ => $pdu->{$_} } qw(source_addr destination_addr data_coding esm_class short_message)
        );
    }
}

sub receipt {
    my ($line, $pdu, $id, $state) = @_;
    $line->deliver_sm(
        async => 1, source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr}, esm_class => 4,
        short_message => "id:$id sub:001 dlvrd:001 submit date:2608100900 done date:2608100900 stat:$state err:000 text:",
    );
}
