// Items in the JSON of DynamoDB: {"Author": {"S": "Ann"}}. Include it only in .cc files.
#pragma once

#include <boost/json.hpp>

#include "aws/services/dynamodb.h"

namespace dossier::aws::dynamodb {

boost::json::object to_json_object(const item& what);
// Attributes of types that `value` does not have are left out.
item item_from(const boost::json::object& written);

}  // namespace dossier::aws::dynamodb
