#include "domain/records.h"
