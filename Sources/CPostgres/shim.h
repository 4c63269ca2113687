#pragma once
#include <postgresql/libpq-fe.h>

// libpq names the fields of an error report by character literals, which Swift does not import.
enum {
  CPG_DIAG_SQLSTATE = PG_DIAG_SQLSTATE,
  CPG_DIAG_MESSAGE_PRIMARY = PG_DIAG_MESSAGE_PRIMARY,
  CPG_DIAG_MESSAGE_DETAIL = PG_DIAG_MESSAGE_DETAIL,
  CPG_DIAG_CONSTRAINT_NAME = PG_DIAG_CONSTRAINT_NAME,
};
