using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>
/// The head of a write-ahead log's index, in the memory that all processes with the file open share: each commit writes it anew, before it
/// returns. So a look at it says whether anything was committed, as <c>PRAGMA data_version</c> does, without a lock or a call of the system.
/// </summary>
/// <remarks>
/// Laid out as SQLite documents it (https://sqlite.org/walformat.html, “The WAL-Index Header”) and read as SQLite reads it: the head stands
/// there twice, and counts when both are the same. The memory is the one that SQLite has mapped for the connection, valid until that is closed.
/// </remarks>
internal readonly unsafe struct WalIndex
{
    // SQLITE_FCNTL_FILE_POINTER.
    private const int FilePointer = 7;

    private const int PageSize = 32 * 1024;
    private const int FirstVersionWithSharedMemory = 2;
    private const ulong IsInitialized = 0xFFUL << 32;

    private readonly ulong* _words;

    private WalIndex(ulong* words) => _words = words;

    /// <summary>The index of a connection that has read from its file; null where that keeps no log, shares its index with nobody, or SQLite cannot be asked for it.</summary>
    public static WalIndex? Find(Connection connection)
    {
        // Of a file without a log SQLite would open shared memory now, and leave it beside the file.
        if (!SqliteFunctions.AreFound || !connection.HasLog())
        {
            return null;
        }

        File* file = null;
        ulong* page = null;
        var isFound = SqliteFunctions.FileControl(connection.Handle.DangerousGetHandle(), null, FilePointer, &file) == raw.SQLITE_OK
            && file is not null
            && file->Methods is not null
            && file->Methods->Version >= FirstVersionWithSharedMemory
            && file->Methods->MapSharedMemory(file, 0, PageSize, 0, &page) == raw.SQLITE_OK
            && page is not null;
        return isFound ? new WalIndex(page) : null;
    }

    /// <summary>Reads the head.</summary>
    /// <returns>False while a process writes it, or left it half written: SQLite then mends it when it reads next.</returns>
    public bool TryRead(out Head head)
    {
        // A writer goes the other way: the second one first.
        var first = Copy(_words);
        Interlocked.MemoryBarrier();
        var second = Copy(_words + Head.Words);
        head = first;
        return first == second && (first[1] & IsInitialized) != 0;
    }

    private static Head Copy(ulong* words)
    {
        var head = new Head();
        for (var i = 0; i < Head.Words; i++)
        {
            head[i] = Volatile.Read(ref words[i]);
        }

        return head;
    }

    /// <summary>48 bytes that are others after every commit: among them a count of the commits, the log's length and its checksum.</summary>
    [InlineArray(Words)]
    internal struct Head : IEquatable<Head>
    {
        public const int Words = 6;

        private ulong _first;

        public static bool operator ==(Head left, Head right) => left.Equals(right);

        public static bool operator !=(Head left, Head right) => !left.Equals(right);

        public readonly bool Equals(Head other) => ((ReadOnlySpan<ulong>)this).SequenceEqual(other);

        public override readonly bool Equals(object? obj) => obj is Head other && Equals(other);

        public override readonly int GetHashCode() => _first.GetHashCode();
    }

    /// <summary>The beginning of <c>sqlite3_file</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct File
    {
        public Methods* Methods;
    }

    /// <summary>The beginning of <c>sqlite3_io_methods</c>: twelve methods that are not called here stand before the one that is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public OtherMethods Others;
        public delegate* unmanaged[Cdecl]<File*, int, int, int, ulong**, int> MapSharedMemory;
    }

    [InlineArray(12)]
    private struct OtherMethods
    {
        private nint _first;
    }
}
