import "server-only";
import { enrolPasskey } from "./enrol";
import { offerKey } from "./offer-key";
import { prepareEnrolment } from "./prepare-enrolment";
import { listKeys } from "./queries";
import { revokeKey } from "./revoke";

export const credentialOperations = [listKeys, prepareEnrolment, offerKey, enrolPasskey, revokeKey] as const;
