"""A draft may be decided with something else: the message that it announces."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0003_told_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="review_kind",
            field=models.TextField(db_default="publication", default="publication"),
        ),
        migrations.AddField(model_name="draft", name="review_subject", field=models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("review_kind", "review_subject"), name="publications_draft_one_of_subject"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=(Q(review_kind="publication") & Q(review_subject=None))
                | (~Q(review_kind="publication") & Q(review_subject__isnull=False)),
                name="publications_draft_review",
            ),
        ),
    ]
