import django.db.models.deletion
from django.db import migrations, models

# What removes discarded recordings removes the files of cards too.
TRIGGER = """
CREATE TRIGGER episodes_drawncard_deleted AFTER DELETE ON episodes_drawncard FOR EACH ROW
EXECUTE FUNCTION episodes_discard_file();
"""
DROP = "DROP TRIGGER episodes_drawncard_deleted ON episodes_drawncard;"


class Migration(migrations.Migration):

    dependencies = [
        ('episodes', '0005_touched'),
        ('stack', '0002_help_texts'),
    ]

    operations = [
        migrations.CreateModel(
            name='DrawnCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True)),
                ('file', models.CharField(max_length=255)),
                ('episode', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='episodes.episode')),
                ('technology', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='stack.technology')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('episode', None), ('technology__isnull', False)), models.Q(('episode__isnull', False), ('technology', None)), _connector='OR'), name='drawncard_of_one')],
            },
        ),
        migrations.RunSQL(TRIGGER, DROP),
    ]
