from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('show', '0003_podcast_guid'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClockReading',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('read_at', models.DateTimeField()),
                ('jumped_at', models.DateTimeField(null=True)),
                ('gaps', models.JSONField(default=list, help_text='Jumps forward: begin and end of each.')),
                ('left_at', models.DateTimeField(help_text='What was read before the last jump.', null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='clockreading_is_one_row')],
            },
        ),
    ]
