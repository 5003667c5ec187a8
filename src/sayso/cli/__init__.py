"""The command line: every act and every question, each one command."""

import click

from sayso import __version__
from sayso.cli import (
    attachments,
    authority,
    brief,
    case,
    deciding,
    demo,
    duties,
    erasing,
    facts,
    house,
    inquiry,
    knowing,
    lifetime,
    outside,
    persons,
    place,
    policy,
    readings,
    record,
    rehearsal,
    reports,
    requests,
    stock,
    store,
    violations,
    watch,
    witness,
)
from sayso.cli.submitting import submit


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sayso")
def main() -> None:
    """Who has the say-so over the use of a supplied article, and the proof that they said so.

    Exit status: 0 done, or it holds; 1 refused, or it does not hold; 2 wrong use.

    \b
    Example: sayso demo --dir demo --no-serve
    """


for _command in (
    house.init,
    persons.key,
    persons.person,
    house.office,
    house.article,
    house.agreement,
    policy.policy,
    facts.fact,
    authority.authority,
    authority.delegate,
    authority.delegation,
    authority.recuse,
    inquiry.query,
    inquiry.answer,
    inquiry.comment,
    inquiry.object_to,
    inquiry.hold,
    inquiry.calendar,
    inquiry.inbox,
    inquiry.clock,
    requests.request,
    attachments.attachment,
    case.advise,
    deciding.consolidate,
    deciding.decide,
    deciding.countersign,
    deciding.ratify,
    submit,
    brief.brief,
    duties.use,
    duties.obligation,
    stock.stock,
    violations.violation,
    lifetime.suspend,
    lifetime.revoke,
    lifetime.reinstate,
    lifetime.surrender,
    lifetime.appeal,
    case.check,
    knowing.compartment,
    knowing.read,
    knowing.release,
    record.record,
    reports.report,
    witness.witness,
    store.store,
    place.place,
    demo.demo,
):
    main.add_command(_command)
for _reading in (
    readings.verdict,
    readings.proofs,
    readings.diff,
    rehearsal.rehearse,
    rehearsal.sql,
):
    policy.policy.add_command(_reading)
for _leaving in (outside.export, outside.trust, outside.witness, watch.watch, erasing.erase):
    record.record.add_command(_leaving)
