namespace Hermes.Core.Tests.Support;

/// <summary>What can have the name of a file without being one.</summary>
internal static class IrregularFile
{
    /// <summary>Makes one: <c>folder</c>, <c>pipe</c>, <c>dangling</c>, <c>circle</c>, <c>link to folder</c>, <c>link to pipe</c>. Not on Windows.</summary>
    public static void Create(string path, string what)
    {
        switch (what)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "pipe":
                NamedPipe.Create(path);
                break;
            case "dangling":
                File.CreateSymbolicLink(path, "nowhere");
                break;
            case "circle":
                File.CreateSymbolicLink(path, Path.GetFileName(path));
                break;
            default:
                Create($"{path}.target", what["link to ".Length..]);
                File.CreateSymbolicLink(path, $"{Path.GetFileName(path)}.target");
                break;
        }
    }
}
