from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('episodes', '0004_chapters_written'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='socialcard',
            name='drawncard_of_one',
        ),
        migrations.AddConstraint(
            model_name='socialcard',
            constraint=models.CheckConstraint(condition=models.Q(('episode', None), ('technology', None), _connector='OR'), name='drawncard_of_one_at_most'),
        ),
    ]
