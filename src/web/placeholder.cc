#include "web/context.h"
#include "web/receive_submission.h"
#include "web/site.h"
