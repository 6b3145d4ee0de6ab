import "server-only";
import { putSourceFile, removeSourceFile } from "./files";
import { mapSubject } from "./map";
import { fileList, modelSources, subjectList } from "./queries";
import { unmapSubject } from "./unmap";

export const sourceOperations = [
  subjectList,
  mapSubject,
  unmapSubject,
  modelSources,
  fileList,
  putSourceFile,
  removeSourceFile,
] as const;
