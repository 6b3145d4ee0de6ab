import "server-only";
import { askOwners } from "./ask-owners";
import { changeStage } from "./change-stage";
import { claimModel } from "./claim";
import { editModel } from "./edit";
import { reportDeploymentEnd } from "./end-deployment";
import { planEndOfLife } from "./end-of-life";
import { modelFacets } from "./facets";
import { nearModels } from "./near";
import { portfolioOutlook } from "./outlook";
import { portfolioGet } from "./portfolio";
import { deploymentList, modelGet, modelList, versionGet, versionList } from "./queries";
import { registerModel } from "./register";
import { registerVersion } from "./register-version";
import { reportDeployment } from "./report-deployment";

export const modelOperations = [
  modelList,
  modelFacets,
  nearModels,
  portfolioGet,
  portfolioOutlook,
  modelGet,
  versionList,
  versionGet,
  deploymentList,
  registerModel,
  editModel,
  claimModel,
  changeStage,
  registerVersion,
  reportDeployment,
  reportDeploymentEnd,
  planEndOfLife,
  askOwners,
] as const;
