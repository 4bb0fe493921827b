// Items in the JSON that DynamoDB speaks: {"Author": {"S": "Ann"}}. Only for .cc files.
#pragma once

#include <boost/json.hpp>

#include "aws/services/dynamodb.h"

namespace dossier::aws::dynamodb {

boost::json::object to_json_object(const item& what);
item item_from(const boost::json::object& written);

}  // namespace dossier::aws::dynamodb
