"""Every errand by its name; each is one flow."""

from __future__ import annotations

from bridge.flows.accounts import of_its_account
from bridge.flows.acknowledging import acknowledge
from bridge.flows.acknowledging import acknowledge_result
from bridge.flows.asking import ask
from bridge.flows.compose import compose
from bridge.flows.customers import customers
from bridge.flows.drawing import draw
from bridge.flows.fulfilment import fulfil
from bridge.flows.handing import hand_on
from bridge.flows.importing import catalogue_in
from bridge.flows.intake import intake
from bridge.flows.invoices import invoice
from bridge.flows.invoices import invoice_result
from bridge.flows.mailing import mail
from bridge.flows.media import media
from bridge.flows.offers import result
from bridge.flows.offers import submit
from bridge.flows.orders import poll
from bridge.flows.pages import look_after
from bridge.flows.progress import progress
from bridge.flows.publish import publish
from bridge.flows.pull import pull
from bridge.flows.purging import purge
from bridge.flows.push import push
from bridge.flows.reconciling import reconcile
from bridge.flows.references import write_references
from bridge.flows.refunds import refund
from bridge.flows.refunds import refund_result
from bridge.flows.rekeying import relock
from bridge.flows.reporting import report
from bridge.flows.reviewing import review
from bridge.flows.rows import write_rows
from bridge.flows.shipments import ship
from bridge.flows.shipments import ship_result
from bridge.flows.sources import read_source

#: Each is done with the pieces of the account its key begins with.
OF_ACCOUNTS = {
    "submit": submit,
    "result": result,
    "acknowledge": acknowledge,
    "acknowledge_result": acknowledge_result,
    "fulfil": fulfil,
    "invoice": invoice,
    "invoice_result": invoice_result,
    "refund": refund,
    "refund_result": refund_result,
    "ship": ship,
    "ship_result": ship_result,
    "orders": poll,
    "catalogue_in": catalogue_in,
    "customers": customers,
    "pages": look_after,
    "progress": progress,
    "publish": publish,
    "reconcile": reconcile,
    "references": write_references,
    "report": report,
    "review": review,
    "rows": write_rows,
}
ERRANDS = {
    "intake": intake,
    "compose": compose,
    "draw": draw,
    "hand_on": hand_on,
    "addresses": ask,
    "mail": mail,
    "media": media,
    "purge": purge,
    "rekey": relock,
    "source": read_source,
    "pull": pull,
    "push": push,
    **{name: of_its_account(one) for name, one in OF_ACCOUNTS.items()},
}
