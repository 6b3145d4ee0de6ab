import "server-only";
import { editAsset } from "./edit";
import { linkAsset, unlinkAsset } from "./link";
import { assetGet, assetList, modelAssets } from "./queries";
import { registerAsset } from "./register";

export const assetOperations = [
  assetList,
  assetGet,
  modelAssets,
  registerAsset,
  editAsset,
  linkAsset,
  unlinkAsset,
] as const;
