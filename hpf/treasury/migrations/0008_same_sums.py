"""Lines of an account by their sum: each import asks which receipts its outgoing lines may take back, and the reverse."""

from django.db import migrations

SAME_SUMS = "CREATE INDEX treasury_line_same_sum ON treasury_line (bank_account_id, amount_fen)"


class Migration(migrations.Migration):
    dependencies = [("treasury", "0007_by_two")]
    operations = [migrations.RunSQL(SAME_SUMS, "DROP INDEX treasury_line_same_sum")]
