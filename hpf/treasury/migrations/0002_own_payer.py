"""What an employer may see of who paid: the payer's name and masked account where the payer is the employer itself."""

from django.db import migrations

OWN_PAYER = """
ALTER TABLE treasury_line ADD COLUMN own_payer_name text, ADD COLUMN own_payer_account text;
UPDATE treasury_line line SET own_payer_name = line.payer_name
FROM registry_unitaccount unit JOIN registry_employer employer ON employer.id = unit.employer_id
WHERE unit.id = line.unit_account_id AND unit.employer_id = line.employer_id
  AND (line.payer_name = employer.name OR line.payer_account_digest = unit.bank_account_digest);
"""


class Migration(migrations.Migration):
    dependencies = [("treasury", "0001_initial"), ("registry", "0001_initial")]
    operations = [
        migrations.RunSQL(
            OWN_PAYER, "ALTER TABLE treasury_line DROP COLUMN own_payer_name, DROP COLUMN own_payer_account"
        )
    ]
