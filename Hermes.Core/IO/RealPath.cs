namespace Hermes.Core.IO;

/// <summary>Follows links wherever they stand in a path. What .NET has for this follows the last segment alone, but a folder can be a link too.</summary>
internal static class RealPath
{
    // As many as Linux follows before it gives up on a path.
    private const int MaxLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>Gives an absolute path another form, in which no segment of it is a link. It need not exist.</summary>
    public static string Resolve(IFileSystem fileSystem, string path)
    {
        var resolved = fileSystem.Path.GetPathRoot(path)!;
        var pending = new Stack<string>();
        Push(path[resolved.Length..]);
        var links = 0;
        while (pending.TryPop(out var segment))
        {
            var next = fileSystem.Path.Join(resolved, segment);
            if (segment == "..")
            {
                resolved = fileSystem.Path.GetDirectoryName(resolved) ?? resolved;
            }
            else if (links < MaxLinks && FileErrors.Ignore(() => fileSystem.DirectoryInfo.New(next).LinkTarget, otherwise: null) is { } target)
            {
                links++;
                var root = fileSystem.Path.GetPathRoot(target) ?? "";
                resolved = root.Length > 0 ? root : resolved;
                Push(target[root.Length..]);
            }
            else
            {
                resolved = next;
            }
        }

        return resolved;

        void Push(string part)
        {
            foreach (var segment in part.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".").Reverse())
                pending.Push(segment);
        }
    }
}
