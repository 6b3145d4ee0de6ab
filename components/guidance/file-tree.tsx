import { Fragment } from "react";
import Link from "@/components/ui/link";

/** Files by folder, the top folder first; each has its own address. */
export function FileTree({
  files,
  open,
  hrefOf,
}: {
  files: readonly { path: string; size: number }[];
  open: string;
  hrefOf: (path: string) => string;
}) {
  const folders = [...new Set(files.map((f) => folderOf(f.path)))].sort();
  return (
    <nav className="tree" aria-label="Files">
      {folders.map((folder) => (
        <Fragment key={folder}>
          {folder ? <div className="lbl mono">{folder}/</div> : null}
          <ul>
            {files
              .filter((f) => folderOf(f.path) === folder)
              .map((f) => (
                <li key={f.path}>
                  <Link
                    href={hrefOf(f.path)}
                    scroll={false}
                    aria-current={f.path === open ? "true" : undefined}
                    title={`${f.path}, ${f.size.toLocaleString("en-GB")} bytes`}
                  >
                    {f.path.slice(folder ? folder.length + 1 : 0)}
                  </Link>
                </li>
              ))}
          </ul>
        </Fragment>
      ))}
    </nav>
  );
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
